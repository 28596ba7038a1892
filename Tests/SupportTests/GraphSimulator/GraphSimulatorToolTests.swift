import Glibc
import GraphSimulator
import TestSupport
import Testing

@Suite struct GraphSimulatorToolTests {
    private let tool = BuildFolder.executable("graph-simulator")
    private let environment = [
        "WA_SHOP": "106540352242922", "TOKEN_SHOP": "token-a", "APP_SECRET": "old-secret", "PORT": "9",
    ]

    @Test(arguments: [SIGTERM, SIGINT])
    func `It says where it listens, names each message, and stops on a signal`(signal: Int32) async throws {
        let folder = try TemporaryFolder()
        let process = try await RunningProcess.start(
            self.tool, arguments: ["--listen", "127.0.0.1:0", "--no-statuses"], environment: self.environment,
            workingDirectory: folder.path)
        let line = try await process.standardOutput.waitForLine(containing: "listening on http://127.0.0.1:")
        let port = try #require(line.split(separator: " ")[2].split(separator: ":").last.flatMap { Int($0) })
        let connection = try await RawConnection.connect(port: port)
        try await connection.send(SimulatorBench.request())
        #expect(try await connection.reply().status == 200)
        try await process.standardOutput.waitForLine(containing: "accepted text from shop to 447700900123: wamid.")
        process.signal(signal)
        #expect(try await process.waitForExit() == .exited(0))
        #expect(!(process.standardOutput.text + process.standardError.text).contains("token-a"))
    }

    @Test func `It reads .env of its folder, and an environment goes before that`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("WA_SHOP=106540352242922:token-file\nWA_B=2:token-b\n", to: ".env")
        let process = try await RunningProcess.start(
            self.tool, arguments: ["--listen", "127.0.0.1:0"], environment: ["WA_SHOP": "106540352242922:token-a"],
            workingDirectory: folder.path)
        let line = try await process.standardOutput.waitForLine(containing: "for 2 accounts, posting no webhooks")
        let port = try #require(line.split(separator: " ")[2].split(separator: ":").last.flatMap { Int($0) })
        let connection = try await RawConnection.connect(port: port)
        try await connection.send(SimulatorBench.request())
        #expect(try await connection.reply().status == 200)
    }

    @Test func `A wrong configuration is named, and ends it with 78; a taken port with 69`() async throws {
        let folder = try TemporaryFolder()
        let wrong = try await RunningProcess.start(
            self.tool, arguments: ["--listen", "127.0.0.1:0"], environment: ["WA_SHOP": "x"],
            workingDirectory: folder.path)
        #expect(try await wrong.waitForExit() == .exited(78))
        try await wrong.standardError.waitForLine(containing: "WA_SHOP: ")
        try await SimulatorBench.running { bench in
            let second = try await RunningProcess.start(
                self.tool, arguments: ["--listen", "127.0.0.1:\(bench.simulator.port)"], environment: self.environment,
                workingDirectory: folder.path)
            #expect(try await second.waitForExit() == .exited(69))
        }
    }
}
