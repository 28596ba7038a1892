import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct SupervisedWorkersTests {
    @Test func `Workers have private sockets, the same after a restart, which are gone at the end`() async throws {
        try await NATSServer.running { server in
            let variables = ["SUPERVISOR_COMPONENTS": "ingress,egress", "SUPERVISOR_ADMIN": "off"]
            try await ProcessUnderTest.running("whatsapp-supervisor", nats: server.url, variables) { supervisor in
                try await supervisor.notices.waitForNotice("READY=1") { $0.isReady }
                let directory = try #require(Self.directories(of: supervisor).first)
                let names = try FileManager.default.contentsOfDirectory(atPath: directory)
                let sockets = ["ingress", "egress-shop"].compactMap { worker in
                    names.first { $0.hasPrefix("\(worker).") && $0.hasSuffix(".sock") }.map { "\(directory)/\($0)" }
                }
                try #require(sockets.count == 2, "\(names)")
                for socket in sockets { try await supervisor.readiness("worker ready", at: socket) { $0.isReady } }
                #expect(!FileManager.default.fileExists(atPath: supervisor.admin))

                let log = supervisor.process.standardError
                let line = try await log.waitForLine {
                    $0.contains("worker started") && $0.contains("worker=egress-shop")
                }
                let text = line.split(separator: " ").first { $0.hasPrefix("pid=") }?.dropFirst("pid=".count)
                let pid = try #require(text.flatMap { pid_t($0) })
                let count = log.lines.count
                kill(pid, SIGKILL)
                try await log.waitForLine(from: count) {
                    $0.contains("worker started") && $0.contains("worker=egress-shop")
                }
                try await supervisor.readiness("ready again", at: sockets[1]) { $0.isReady }

                supervisor.process.terminate()
                try await supervisor.process.waitForExit(within: .seconds(30))
                #expect(Self.directories(of: supervisor).isEmpty)
            }
        }
    }

    /// The supervisor's private directories.
    private static func directories(of supervisor: ProcessUnderTest) -> [String] {
        let path = supervisor.folder.path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasPrefix("whatsapp-") }.map { "\(path)/\($0)" }
    }
}
