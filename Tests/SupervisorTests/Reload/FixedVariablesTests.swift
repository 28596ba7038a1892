import Settings
import Testing

@testable import Supervisor

@Suite struct FixedVariablesTests {
    private let start = SettingsSource(variables: ["PORT": "8080", "SUPERVISOR_ADMIN": "off", "LOG_LEVEL": "info"])

    @Test func `Those that changed are named, whether set, taken away or altered`() {
        let now = SettingsSource(variables: ["PORT": "8081", "HOST": "::", "LOG_LEVEL": "debug"])
        #expect(FixedVariables.changed(from: self.start, to: now) == ["HOST", "PORT", "SUPERVISOR_ADMIN"])
        #expect(FixedVariables.changed(from: self.start, to: self.start) == [])
        #expect(
            FixedVariables.changed(
                from: self.start,
                to: SettingsSource(variables: ["PORT": "8080", "HOST": "", "SUPERVISOR_ADMIN": "off"])) == [])
    }

    @Test func `They stay as they were, all others change`() {
        let now = SettingsSource(variables: ["PORT": "8081", "HOST": "::", "LOG_LEVEL": "debug", "WA_SHOP": "1"])
        let kept = FixedVariables.kept(from: self.start, in: now)
        #expect(
            kept.variables == ["PORT": "8080", "SUPERVISOR_ADMIN": "off", "LOG_LEVEL": "debug", "WA_SHOP": "1"])
    }
}
