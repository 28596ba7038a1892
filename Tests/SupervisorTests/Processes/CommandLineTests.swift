import Glibc
import TestSupport
import Testing

@testable import Supervisor

/// The supervisor's command line, up to where it would start something.
@Suite(.serialized) struct CommandLineTests {
    private static func run(
        _ arguments: [String], _ environment: [String: String] = [:]
    ) throws -> (status: Int32, log: [String]) {
        let supervisor = try SupervisorUnderTest(["steady"], environment, arguments: arguments)
        let status = try supervisor.exitStatus()
        #expect(supervisor.records().isEmpty)
        return (status, try supervisor.logToItsEnd())
    }

    @Test(arguments: [["--help"], ["--version"], ["run", "--help"], ["--check"], ["run", "--check"]])
    func `What opens nothing ends with 0`(arguments: [String]) throws {
        let (status, log) = try Self.run(arguments)
        #expect(status == 0)
        #expect(log == [])
    }

    @Test(arguments: [["--nonsense"], ["nonsense"], ["--env-file"], ["run", "--check=1"]])
    func `Bad usage ends with 64 and is told`(arguments: [String]) throws {
        let (status, log) = try Self.run(arguments)
        #expect(status == 64)
        #expect(log.contains { $0.hasPrefix("Error: ") })
    }

    @Test(arguments: [[], ["--check"]])
    func `A wrong configuration ends with 78, each problem in a line`(arguments: [String]) throws {
        let environment = ["SUPERVISOR_DRAIN_MS": "soon", "EGRESS_REPLICAS": "0", "WA_BROKEN": "x:very-secret"]
        let (status, log) = try Self.run(arguments, environment)
        #expect(status == 78)
        for variable in ["SUPERVISOR_DRAIN_MS", "EGRESS_REPLICAS", "WA_BROKEN"] {
            #expect(log.count { $0.hasPrefix("\(variable): expected ") } == 1)
        }
        #expect(log.count == 3)
        #expect(!log.joined().contains("very-secret"))
    }

    @Test func `An env file is read where it is named`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("SUPERVISOR_DRAIN_MS=soon\n", to: "other.env")
        let (status, log) = try withExtendedLifetime(folder) { try Self.run(["--env-file", file, "--check"]) }
        #expect(status == 78)
        #expect(log.first?.hasPrefix("SUPERVISOR_DRAIN_MS: ") == true)
    }

    @Test func `An address that cannot be bound ends it with 69, and no worker is started`() throws {
        try Sockets.withBusyPort { port in
            let (status, log) = try Self.run(
                [],
                [
                    "SUPERVISOR_COMPONENTS": "ingress,egress", "APP_SECRET": "x", "HOST": "127.0.0.1",
                    "PORT": "\(port)",
                ])
            #expect(status == 69)
            #expect(log.contains { $0.contains("127.0.0.1:\(port) cannot be bound: Address already in use") })
        }
    }

    @Test func `A process whose supervisor is gone does not start`() throws {
        let (status, log) = try Self.run(["--supervised", "1"])
        #expect(status == 69)
        #expect(log.count == 1)
    }
}
