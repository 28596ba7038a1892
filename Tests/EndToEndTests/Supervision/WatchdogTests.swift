import Glibc
import GraphSimulator
import TestSupport
import Testing

/// The signs of life of ingress and egress, when their service manager watches them.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct WatchdogTests {
    private static let timeout = Duration.milliseconds(1500)
    private static let workers = [GatewayProcess.Product.ingress, .egress]

    private static func start(
        _ product: GatewayProcess.Product, _ environment: [String: String]
    ) async throws -> GatewayProcess {
        let watched = ["WATCHDOG_USEC": "1500000"]
        return try await GatewayProcess.start(product, environment.merging(watched) { $1 })
    }

    private static func signs(of process: GatewayProcess) -> Int {
        process.notices.notices.count { $0["WATCHDOG"] == "1" }
    }

    /// Whether signs of life come as often as the manager wants, for so many time-outs.
    private static func expectSigns(of process: GatewayProcess, timeouts: Int = 3) async throws {
        for _ in 0..<timeouts {
            let before = Self.signs(of: process)
            try await eventually("a sign of life of \(process.product.rawValue)", within: Self.timeout) {
                Self.signs(of: process) > before
            }
        }
    }

    @Test(arguments: workers)
    func `Signs of life come from the start on and while there is nothing to do`(product: GatewayProcess.Product)
        async throws
    {
        try await Gateway.running([]) { gateway in
            let process = try await Self.start(product, gateway.settings.environment)
            try await process.ready()
            let kinds = process.notices.notices.map { $0["WATCHDOG"] != nil ? "sign" : $0.isReady ? "ready" : "other" }
            let first = try #require(kinds.firstIndex(of: "sign"))
            #expect(first < kinds.firstIndex(of: "ready") ?? 0)
            try await Self.expectSigns(of: process)
            #expect(try await process.stop() == .exited(0))
            try await process.log.waitForEnd()
            #expect(!process.log.text.contains("stands still"))
        }
    }

    @Test(arguments: workers)
    func `A process that waits for NATS works`(product: GatewayProcess.Product) async throws {
        var settings = try GatewaySettings()
        settings.natsURL = "nats://127.0.0.1:\(try FreePort.find())"
        let process = try await Self.start(product, settings.environment)
        try await process.status(containing: "waiting for NATS")
        try await Self.expectSigns(of: process)
    }

    @Test(arguments: workers)
    func `NATS that has stopped answering is not the process' fault`(product: GatewayProcess.Product) async throws {
        try await Gateway.running([]) { gateway in
            let process = try await Self.start(product, gateway.settings.environment)
            try await process.ready()
            gateway.server.pause()
            try await Self.expectSigns(of: process, timeouts: 6)
            gateway.server.resume()
            #expect(!process.log.text.contains("stands still"))
        }
    }

    @Test func `A thread that waits for a server to take what is written to it is not at a standstill`() async throws {
        try await Gateway.running([]) { gateway in
            let ingress = try await Self.start(.ingress, gateway.settings.environment)
            try await ingress.ready()
            gateway.server.pause()
            try await withThrowingTaskGroup(of: Void.self) { group in
                // More than the buffers between the two hold, so that writing waits for its deadline of 5 s.
                for number in 0..<20 {
                    let text = String(repeating: "x", count: 400_000)
                    group.addTask {
                        _ = try? await gateway.post(WebhookBody.text(id: "wamid.\(number)", text: text))
                    }
                }
                let end = ContinuousClock.now + .seconds(9)
                while ContinuousClock.now < end { try await Self.expectSigns(of: ingress, timeouts: 1) }
                try await ingress.log.waitForLine(containing: "NATS disconnected")
                gateway.server.resume()
                try await group.waitForAll()
            }
            #expect(!ingress.log.text.contains("stands still"))
        }
    }

    @Test func `A stopped process gives no sign of life, the other does, and once it goes on it is well`() async throws
    {
        try await Gateway.running([]) { gateway in
            let stopped = try await Self.start(.egress, gateway.settings.environment)
            let other = try await Self.start(.ingress, gateway.settings.environment)
            try await stopped.ready()
            try await other.ready()
            stopped.process.signal(SIGSTOP)
            try await Self.expectSigns(of: other, timeouts: 1)
            let signs = Self.signs(of: stopped)
            try await Self.expectSigns(of: other, timeouts: 2)
            #expect(Self.signs(of: stopped) == signs)
            stopped.process.signal(SIGCONT)
            try await Self.expectSigns(of: stopped)
            #expect(!stopped.log.text.contains("stands still"))
        }
    }

    @Test(
        .enabled(if: ProcessTable.mayReadUndumpable, "a thread of an undumpable process is stopped by root alone"),
        arguments: [
            (GatewayProcess.Product.egress, "graph-calls", "graph-calls"),
            (.egress, "nats-deadlines", "nats-deadlines"),
            (.ingress, "NIO-ELT-1-#1", "event-loop-"),
        ])
    func `A thread that stands still stops the signs of life and is named, and nothing else of the process stops`(
        product: GatewayProcess.Product, thread: String, loop: String
    ) async throws {
        try await Gateway.running([]) { gateway in
            let process = try await Self.start(product, gateway.settings.environment)
            try await process.ready()
            try await Self.expectSigns(of: process, timeouts: 1)
            var stop: ThreadStop? = try ThreadStop(threadNamed: thread, of: process.processID)
            let line = try await process.log.waitForLine(containing: "stands still")
            #expect(line.contains("level=error") && line.contains("loop=\(loop)"))
            let signs = Self.signs(of: process)
            try await Task.sleep(for: Self.timeout * 2)
            #expect(Self.signs(of: process) == signs)
            withExtendedLifetime(stop) {}
            stop = nil
            try await Self.expectSigns(of: process)
            try await process.log.waitForLine(containing: "a working loop goes on")
            #expect(process.log.lines.count { $0.contains("stands still") } == 1)
            #expect(try await process.stop() == .exited(0))
        }
    }

    @Test func `A drain goes on giving signs of life, and asks for the time that it takes`() async throws {
        try await Gateway.running([]) { gateway in
            gateway.graph.faults.disturbance = .hang
            var environment = gateway.settings.environment
            environment["SUPERVISOR_DRAIN_MS"] = "7000"
            let egress = try await Self.start(.egress, environment)
            try await egress.ready()
            async let reply = Bot(gateway).text("hello")
            try await gateway.graph.waitForRequests(1)
            let before = egress.notices.notices.count
            egress.process.terminate()
            try await egress.notices.waitForNotice("STOPPING=1", from: before) { $0.isStopping }
            try await Self.expectSigns(of: egress)
            #expect(try await egress.process.waitForExit(within: .seconds(20)) == .exited(0))
            let extensions = egress.notices.notices.dropFirst(before).compactMap { $0["EXTEND_TIMEOUT_USEC"] }
            #expect(extensions.count == 2 && extensions.allSatisfy { $0 == "15000000" }, "\(extensions)")
            #expect(try await reply.failure == "GraphUnavailable 504")
        }
    }

    @Test func `Nobody who is not watched gives signs of life`() async throws {
        try await Gateway.running([.ingress, .egress]) { gateway async throws in
            for process in gateway.processes {
                #expect(try await process.stop() == .exited(0))
                #expect(Self.signs(of: process) == 0)
            }
        }
    }
}
