import Foundation
import TestSupport
import Testing

/// A stop that comes while a process is still starting.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct StopAtStartTests {
    /// Whether a process holds SIGTERM back until it asks for it: any of its threads, since the kernel does not count
    /// what a thread waits for as blocked.
    private static func blocksTermination(_ processID: pid_t) -> Bool {
        let tasks = "/proc/\(processID)/task"
        return (try? FileManager.default.contentsOfDirectory(atPath: tasks))?.contains { task in
            guard let status = try? String(contentsOfFile: "\(tasks)/\(task)/status", encoding: .utf8),
                let line = status.split(separator: "\n").first(where: { $0.hasPrefix("SigBlk:") }),
                let mask = UInt64(line.dropFirst("SigBlk:".count).filter(\.isHexDigit), radix: 16)
            else { return false }
            return mask & (1 << UInt64(SIGTERM - 1)) != 0
        } ?? false
    }

    @Test(arguments: GatewayProcess.Product.allCases)
    func `From its first step on a process that is told to stop ends with 0`(product: GatewayProcess.Product)
        async throws
    {
        let seed = Seed.forTest()
        var generator = seed.generator
        try await Gateway.running([]) { gateway in
            var blocked = 0
            for round in 0..<30 {
                let process = try await GatewayProcess.start(product, gateway.settings.environment)
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...250, using: &generator)))
                // Before its first step, while the system still loads its libraries, a process can do nothing about it.
                let isBlocked = Self.blocksTermination(process.processID)
                if isBlocked { blocked += 1 }
                let signal = Bool.random(using: &generator) ? SIGTERM : SIGINT
                process.process.signal(signal)
                let ending = try await process.process.waitForExit(within: .seconds(20))
                #expect(
                    ending == .exited(0) || !isBlocked && ending == .killed(signal: signal),
                    "round \(round): \(ending), \(process.log.tail)")
            }
            Measurement.print("\(product.rawValue): told to stop within 250 ms of 30 starts, \(blocked) had begun")
            #expect(blocked >= 10)
        }
    }

    @Test(arguments: GatewayProcess.Product.allCases)
    func `A check that waits for a file can be interrupted`(product: GatewayProcess.Product) async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/settings.env"
        #expect(mkfifo(path, 0o600) == 0)
        let process = try await GatewayProcess.start(product, [:], arguments: ["--check", "--env-file", path])
        var pipe: Int32 = -1
        try await eventually("the process reads") {
            pipe = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            return pipe >= 0
        }
        process.process.signal(SIGINT)
        #expect(try await process.process.waitForExit() == .killed(signal: SIGINT))
        close(pipe)
    }

    @Test(arguments: [GatewayProcess.Product.ingress, .egress])
    func `A stop that comes while the settings are read is kept until the service would begin`(
        product: GatewayProcess.Product
    ) async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/settings.env"
        #expect(mkfifo(path, 0o600) == 0)
        let process = try await GatewayProcess.start(
            product, ["PATH": "/usr/bin:/bin", "LOG_FORMAT": "logfmt"], arguments: ["--env-file", path])
        // It reads once somebody writes, and that somebody is here once it reads.
        var pipe: Int32 = -1
        try await eventually("the process reads") {
            pipe = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            return pipe >= 0
        }
        #expect(Self.blocksTermination(process.processID))
        process.process.terminate()
        let text = try GatewaySettings().environment.map { "\($0)=\($1)\n" }.joined()
        #expect(write(pipe, text, text.utf8.count) == text.utf8.count)
        close(pipe)
        #expect(try await process.process.waitForExit() == .exited(0))
        try await process.log.waitForLine(containing: "stopped before it began")
        #expect(!process.notices.notices.contains { $0.isReady })
    }
}
