import TestSupport
import Testing

/// `whatsapp-supervisor plan` as a process.
@Suite(.serialized) struct PlanCommandTests {
    private static func run(
        _ arguments: [String], _ environment: [String: String] = [:]
    ) async throws -> (ending: RunningProcess.Ending, output: [String], errors: [String]) {
        let accounts = ["WA_ACME": "1:very-secret", "WA_SHOP": "2:very-secret", "WA_X": "3:very-secret"]
        // Of its own, since a .env would be read.
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let process = try await RunningProcess.start(
            BuildFolder.executable("whatsapp-supervisor"), arguments: ["plan"] + arguments,
            environment: accounts.merging(environment) { $1 }, workingDirectory: folder.path)
        let ending = try await process.waitForExit()
        try await process.standardOutput.waitForEnd()
        try await process.standardError.waitForEnd()
        return (ending, process.standardOutput.lines, process.standardError.lines)
    }

    @Test func `It prints the table and ends with 0`() async throws {
        let (ending, output, errors) = try await Self.run([], ["EGRESS_WORKERS": "2"])
        #expect(ending == .exited(0) && errors == [])
        #expect(
            output == [
                "WORKER    ACCOUNTS", "egress-1  x", "egress-2  acme, shop", "", "Shard 1/1 serves all 3 accounts.",
            ])
    }

    @Test func `An env file is read where it is named, and the environment goes before it`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("EGRESS_WORKERS=1\nSUPERVISOR_SHARD=1/2\n", to: "other.env")
        let (ending, output, _) = try await Self.run(["--env-file", file, "--json"], ["SUPERVISOR_SHARD": "2/2"])
        withExtendedLifetime(folder) {}
        #expect(ending == .exited(0))
        #expect(
            output == [
                #"{"shard":"2/2","accounts":3,"served":2,"elsewhere":1,"workers":["#
                    + #"{"shard":"2/2","worker":"egress-1","accounts":["acme","shop"]}]}"#
            ])
    }

    @Test(arguments: [[], ["--json"], ["--all-shards"]])
    func `A wrong configuration ends with 78, each problem in a line, and no secret in any`(
        arguments: [String]
    ) async throws {
        let (ending, output, errors) = try await Self.run(
            arguments, ["EGRESS_WORKERS": "some", "SUPERVISOR_SHARD": "3/2", "WA_BROKEN": "x:very-secret"])
        #expect(ending == .exited(78) && output == [])
        #expect(errors.map { $0.prefix { $0 != ":" } }.sorted() == ["EGRESS_WORKERS", "SUPERVISOR_SHARD", "WA_BROKEN"])
        #expect(!errors.joined().contains("very-secret"))
    }

    @Test func `A shard needs no token of an account that falls to another`() async throws {
        let environment = ["WA_X": "3", "SUPERVISOR_SHARD": "2/2"]
        #expect(try await Self.run([], environment).ending == .exited(0))
        let (ending, _, errors) = try await Self.run([], environment.merging(["SUPERVISOR_SHARD": "1/2"]) { $1 })
        #expect(ending == .exited(78))
        #expect(errors.count == 1 && errors.first?.hasPrefix("TOKEN_X: ") == true)
    }
}
