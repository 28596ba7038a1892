import Testing

@testable import Settings

@Suite struct SettingsReaderTests {
    @Test func `Everything that is wrong is named at once, each once`() {
        var reader = SettingsReader(
            SettingsSource(
                variables: ["PORT": "70000", "LOG_LEVEL": "loud", "EGRESS_MAX_ATTEMPTS": ""],
                problems: [SettingsProblem(variable: "x.env:1", message: "expected NAME=VALUE")]))
        #expect(reader.value(Variables.port) == 8080)
        #expect(reader.value(Variables.egressMaxAttempts) == 8)
        reader.checkAllVariables()
        #expect(
            reader.lines == [
                "x.env:1: expected NAME=VALUE",
                "PORT: expected a whole number from 1 to 65535, found \"70000\"",
                "LOG_LEVEL: expected trace, debug, info, notice, warning, error or critical, found \"loud\"",
            ])
        #expect(reader.isWrong("PORT") && !reader.isWrong("HOST"))
    }

    @Test func `A wrong value is shown short and harmless`() {
        var reader = SettingsReader(
            SettingsSource(variables: ["PORT": "\u{1B}[31m\n\u{202E}é" + String(repeating: "x", count: 1000)]))
        _ = reader.value(Variables.port)
        let line = reader.lines.joined()
        #expect(line.hasSuffix(#"found "\u{1B}[31m\n\u{202E}\u{00E9}\#(String(repeating: "x", count: 40))...""#))
    }

    @Test(arguments: ["APP_SECRET", "WEBHOOK_VERIFY_TOKEN", "NATS_URL", "GRAPH_URL"])
    func `A wrong secret is never shown`(name: String) {
        var reader = SettingsReader(SettingsSource(variables: [name: "hunter2\u{7}"]))
        reader.checkAllVariables()
        #expect(reader.lines.count == 1)
        #expect(reader.lines.first?.hasPrefix("\(name): expected ") == true)
        #expect(reader.lines.first?.contains("hunter2") == false)
    }

    @Test func `A secret prints as redacted`() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(["key": secret], to: &dumped)
        #expect("\(secret)" == "<redacted>" && String(reflecting: secret) == "<redacted>")
        #expect(!dumped.contains("hunter2") && !"\(Optional(secret) as Any)".contains("hunter2"))
    }
}

@Suite struct StreamSettingsTests {
    private static func read(_ variables: [String: String]) -> (settings: StreamSettings, problems: [String]) {
        var reader = SettingsReader(SettingsSource(variables: variables))
        let settings = StreamSettings(from: &reader)
        return (settings, reader.lines)
    }

    @Test func `Defaults are those of the contract`() {
        let (settings, problems) = Self.read([:])
        #expect(problems.isEmpty)
        #expect(settings.replicas == 1 && settings.storage == .file && settings.maxBytes == nil)
        #expect(settings.maxAge == .seconds(72 * 3600) && settings.dedupeWindow == .seconds(3600))
    }

    @Test func `A dedupe window longer than the stream's age is a problem`() {
        #expect(
            Self.read(["STREAM_MAX_AGE": "30m"]).problems == [
                "STREAM_DEDUPE_WINDOW: expected no longer than STREAM_MAX_AGE (30m), found its default 1h"
            ])
        #expect(
            Self.read(["STREAM_DEDUPE_WINDOW": "73h"]).problems == [
                "STREAM_DEDUPE_WINDOW: expected no longer than STREAM_MAX_AGE (72h), found 73h"
            ])
        #expect(Self.read(["STREAM_DEDUPE_WINDOW": "3d"]).problems.isEmpty)
    }

    @Test func `A malformed age is the only problem`() {
        let problems = Self.read(["STREAM_MAX_AGE": "7 days", "STREAM_DEDUPE_WINDOW": "100h"]).problems
        #expect(problems.count == 1 && problems.first?.hasPrefix("STREAM_MAX_AGE: ") == true)
    }
}
