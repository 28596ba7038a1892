import Foundation
import TestSupport
import Testing

/// How the log looks where it goes, with real processes.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct LogFormTests {
    @Test(arguments: [true, false])
    func `On a terminal lines are for the eye, in colours unless those are not wanted`(isColoured: Bool) async throws {
        try await Gateway.running([]) { gateway in
            let terminal = try PseudoTerminal()
            var environment = gateway.settings.environment
            environment["LOG_FORMAT"] = nil
            environment["TERM"] = "xterm"
            if !isColoured { environment["NO_COLOR"] = "1" }
            let ingress = try await RunningProcess.start(
                BuildFolder.executable("whatsapp-ingress"), environment: environment, workingDirectory: "/",
                passing: [2: terminal.descriptor])
            try await terminal.wait(for: "listening")
            ingress.kill()
            let line = terminal.text.split(whereSeparator: \.isNewline).first { $0.contains("listening") } ?? ""
            #expect(line.firstMatch(of: #/^[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3} /#) != nil, "\(line)")
            #expect(!line.contains("level=") && line.contains("127.0.0.1"))
            #expect(line.contains("\u{1B}[36m") == isColoured)
        }
    }

    @Test func `Lines to the journal begin with their priority, those about a configuration too`() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("", to: "stderr")
        var status = stat()
        #expect(stat(path, &status) == 0)
        let environment = [
            "PATH": "/usr/bin:/bin", "LOG_FORMAT": "json", "JOURNAL_STREAM": "\(status.st_dev):\(status.st_ino)",
            "NATS_URL": "nats://127.0.0.1:\(try FreePort.find())", "HOST": "127.0.0.1",
            "PORT": "\(try FreePort.find())", "INGRESS_ADMIN": "off", "WA_SHOP": "1", "APP_SECRET": "secret",
        ]
        func start(_ further: [String: String]) async throws -> RunningProcess {
            try await RunningProcess.start(
                "/bin/sh",
                arguments: [
                    "-c", #"exec "$0" 2>>"$1""#, BuildFolder.executable("whatsapp-ingress"), path,
                ], environment: environment.merging(further) { $1 }, workingDirectory: folder.path)
        }
        func lines() throws -> [Substring] {
            try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        }
        let ingress = try await start([:])
        try await eventually("two lines") { try lines().count >= 2 }
        ingress.terminate()
        try await ingress.waitForExit(within: .seconds(20))
        for line in try lines() {
            let prefix: Substring = line.contains(#""level":"notice""#) ? "<5>{" : "<4>{"
            #expect(line.hasPrefix(prefix) && line.hasSuffix("}"), "\(line)")
        }
        let wrong = try await start(["PORT": "none"])
        #expect(try await wrong.waitForExit(within: .seconds(20)) == .exited(78))
        #expect(try lines().last?.hasPrefix("<3>PORT: ") == true)
    }

    @Test func `Whoever reads the log and stands still holds up no webhook for long`() async throws {
        try await Gateway.running([]) {
            $0.further["LOG_LEVEL"] = "trace"
        } body: { gateway async throws in
            // The pipe holds 64 KiB, some 400 lines.
            let deaf = ["/bin/bash", "-c", #"exec "$@" 2> >(exec sleep 60)"#, "bash"]
            let ingress = try await GatewayProcess.start(.ingress, gateway.settings.environment, through: deaf)
            try await ingress.ready()
            var slowest = Duration.zero
            for number in 0..<800 {
                let began = ContinuousClock.now
                #expect(try await gateway.post(WebhookBody.text(id: "wamid.\(number)")).status == 200)
                slowest = max(slowest, ContinuousClock.now - began)
            }
            Measurement.print("slowest of 800 webhooks while nobody reads the log", slowest)
            #expect(slowest > .milliseconds(500), "the log is full")
            #expect(slowest < .seconds(5))
            #expect(try await ingress.stop() == .exited(0))
        }
    }
}
