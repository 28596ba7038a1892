import Addressing
import Glibc
import Settings
import TestSupport
import Testing

@testable import Supervisor

@Suite struct ArgumentRoomTests {
    private static func variables(_ count: Int) -> [String: String] {
        let token = String(repeating: "t", count: 200)
        let pairs = (1...count).map { ("WA_ACCOUNT_\($0)", "\($0):\(token)") }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private static func accounts(_ count: Int) throws -> [Account] {
        try SupervisorSettings.read(from: SettingsSource(variables: self.variables(count))).accounts
    }

    @Test func `A thousand accounts fit one process, under the usual limit on the stack`() throws {
        #expect(ArgumentRoom(bytes: 2 << 20).holds(try Self.accounts(1000)))
        #expect(!ArgumentRoom(bytes: 100_000).holds(try Self.accounts(1000)))
    }

    @Test func `What it takes is what the kernel takes`() throws {
        // As many accounts as fit, and a few more.
        let room = ArgumentRoom.own
        let all = try Self.accounts(8000)
        var count = 0
        while count < all.count, room.holds(Array(all.prefix(count + 500))) { count += 500 }
        #expect(count >= 2500)
        let fitting = Array(all.prefix(count))
        let environment = WorkerEnvironment.egress(from: SettingsSource(variables: ["PATH": "/bin"]), accounts: fitting)
        let plan = WorkerPlan(
            component: .egress, name: "egress-1", accounts: fitting.map(\.name), executable: "/bin/true",
            arguments: fitting.flatMap { ["--account", $0.name.value] }, environment: environment)
        let pid = try Spawner.spawn(plan, further: [], own: []).get()
        var status: Int32 = 0
        #expect(waitpid(pid, &status, 0) == pid && status == 0)
    }

    @Test func `Too many accounts for their processes are a wrong configuration, which names what to change`() {
        // Together they are more than any process can be given.
        let token = String(repeating: "t", count: 8000)
        let variables = Dictionary(uniqueKeysWithValues: (1...900).map { ("WA_A\($0)", "\($0):\(token)") })
        func problems(_ workers: String) -> [String] {
            SettingsError.lines { () throws(SettingsError) in
                try SupervisorSettings.read(
                    from: SettingsSource(variables: variables.merging(["EGRESS_WORKERS": workers]) { $1 }))
            }
        }
        let one = problems("1")
        #expect(one.count == 1)
        #expect(one.first?.hasPrefix("EGRESS_WORKERS: expected more processes: the 900 accounts of egress-1 ") == true)
        #expect(problems("per-account").isEmpty)
    }
}
