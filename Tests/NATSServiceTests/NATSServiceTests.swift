import Logging
import NATSClient
import NATSTestSupport
import Settings
import TestSupport
import Testing

@testable import NATSService

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct NATSServiceTests {
    private static func service(over connection: NATSConnection, logger: Logger = .quiet) -> NATSService {
        NATSService(
            name: "whatsapp-egress", version: "0.1.0", description: "d",
            endpoints: [ServiceEndpoint(name: "a", subject: "whatsapp.a.out.*", queueGroup: "whatsapp-egress")],
            connection: connection, logger: logger)
    }

    /// Runs a service for as long as the closure takes.
    private static func running(
        on server: NATSServer, logger: Logger = .quiet,
        _ body: (_ service: NATSService, _ asking: NATSConnection) async throws -> Void
    ) async throws {
        try await withConnection(to: server) { answering in
            try await withConnection(to: server) { asking in
                let service = Self.service(over: answering, logger: logger)
                try await withThrowingTaskGroup { group in
                    group.addTask { await service.run() }
                    defer { group.cancelAll() }
                    try await eventually("the service is known") {
                        (try? await Self.ask("PING.whatsapp-egress.\(service.id)", over: asking)) != nil
                    }
                    try await body(service, asking)
                }
            }
        }
    }

    private static func ask(_ question: String, over connection: NATSConnection) async throws -> JSONTree {
        let reply = try await connection.request(
            OutgoingMessage(subject: "$SRV.\(question)", payload: []), timeout: .seconds(5))
        return try JSONTree(reply.payload)
    }

    @Test(arguments: ["PING", "INFO", "STATS"])
    func `It answers who asks all services, those of its name, or it alone`(_ verb: String) async throws {
        try await NATSServer.running { server in
            try await Self.running(on: server) { service, asking in
                for question in [verb, "\(verb).whatsapp-egress", "\(verb).whatsapp-egress.\(service.id)"] {
                    let answer = try await Self.ask(question, over: asking)
                    #expect(answer["type"]?.string == "io.nats.micro.v1.\(verb.lowercased())_response")
                    #expect(answer["id"]?.string == service.id)
                }
                for question in ["\(verb).another", "\(verb).whatsapp-egress.another"] {
                    let error = await #expect(throws: NATSError.self) { try await Self.ask(question, over: asking) }
                    #expect(error?.code == .noResponders)
                }
            }
        }
    }

    @Test func `Each instance answers, and is still there after the server was`() async throws {
        try await NATSServer.running { server in
            try await Self.running(on: server) { first, _ in
                try await Self.running(on: server) { second, asking in
                    let answers = Watched<Set<String>>([])
                    let inbox = asking.subscribe("answers") { message in
                        guard let id = (try? JSONTree(message.payload))?["id"]?.string else { return }
                        answers.update { _ = $0.insert(id) }
                    }
                    let ask = { asking.publish(OutgoingMessage(subject: "$SRV.PING", payload: []), reply: "answers") }
                    ask()
                    _ = try await answers.first(what: "both answers") { $0 == [first.id, second.id] ? true : nil }
                    try await server.kill()
                    answers.update { $0 = [] }
                    try await server.restart()
                    try await eventually("both answer again", within: .seconds(20)) {
                        ask()
                        try? await asking.roundTrip(timeout: .seconds(1))
                        return answers.current == [first.id, second.id]
                    }
                    await asking.drain(inbox, by: .now)
                }
            }
        }
    }

    @Test func `From the moment it is told to end nobody is answered, and its end waits for nobody`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { answering in
                try await withConnection(to: server) { asking in
                    let service = Self.service(over: answering)
                    await withDiscardingTaskGroup { group in
                        group.addTask { await service.run() }
                        try? await eventually("it is known") { (try? await Self.ask("PING", over: asking)) != nil }
                        server.pause()
                        group.cancelAll()
                    }
                    server.resume()
                    let error = await #expect(throws: NATSError.self) {
                        _ = try await asking.request(
                            OutgoingMessage(subject: "$SRV.PING", payload: []), timeout: .seconds(2))
                    }
                    #expect(error?.code == .noResponders || error?.code == .timeout)
                }
            }
        }
    }

    @Test func `A question without a reply subject, or whose answer would be a question, is no trouble`() async throws {
        try await NATSServer.running { server in
            try await Self.running(on: server) { service, asking in
                asking.publish(OutgoingMessage(subject: "$SRV.STATS", payload: [1]))
                for question in ["$SRV.PING", "$SRV.STATS.whatsapp-egress"] {
                    asking.publish(OutgoingMessage(subject: question, payload: []), reply: "$SRV.PING")
                }
                let answer = try await Self.ask("STATS.whatsapp-egress.\(service.id)", over: asking)
                #expect(answer["id"]?.string == service.id)
            }
        }
    }

    @Test func `A server that does not permit discovery is told of once, and everything else goes on`() async throws {
        let permissions = #"permissions: { subscribe: { deny: ["$SRV.>"] } }"#
        let options = NATSServerOptions.with {
            $0.furtherLines = ["authorization { users = [{ user: u, password: p, \(permissions) }] }"]
        }
        try await NATSServer.running(options) { server in
            let log = LogRecord(from: .warning)
            var connectionOptions = NATSOptions(server)
            connectionOptions.servers = [.init("nats://u:p@127.0.0.1:\(server.port)")]
            let connection = NATSConnection(connectionOptions, logger: log.logger)
            try await connection.connected()
            let received = Watched(0)
            _ = connection.subscribe("whatsapp.a.out.*") { _ in received.update { $0 += 1 } }
            let service = Self.service(over: connection, logger: log.logger)
            try await withThrowingTaskGroup { group in
                group.addTask { await service.run() }
                defer { group.cancelAll() }
                try await eventually("the refusal is told") { !log.lines.isEmpty }
                try await server.restart()
                try await eventually("it is connected again", within: .seconds(20)) {
                    connection.publish(OutgoingMessage(subject: "whatsapp.a.out.x", payload: []))
                    return received.current > 0
                }
                try await connection.roundTrip(timeout: .seconds(5))
            }
            await connection.close()
            let told = log.lines.filter { $0.contains("permit") }
            #expect(told.count == 1 && told.first?.contains("subscribe to \"$SRV.>\"") == true, "\(log.lines)")
            #expect(log.lines.allSatisfy { !$0.contains("error") }, "\(log.lines)")
        }
    }

    @Test func `A flood of pings is answered within bounds, and requests on the same connection still are`()
        async throws
    {
        try await NATSServer.running { server in
            try await Self.running(on: server) { _, asking in
                let answers = Watched(0)
                let inbox = asking.subscribe("flood") { _ in answers.update { $0 += 1 } }
                try await asking.roundTrip(timeout: .seconds(5))
                let clock = ContinuousClock()
                let took = try await clock.measure {
                    for _ in 0..<50 {
                        for _ in 0..<1000 {
                            asking.publish(OutgoingMessage(subject: "$SRV.PING", payload: []), reply: "flood")
                        }
                        try await asking.roundTrip(timeout: .seconds(10))
                    }
                }
                try await eventually("the flood is over", within: .seconds(10)) {
                    (try? await Self.ask("PING", over: asking)) != nil
                }
                let allowed = 2048 + Int((took / .seconds(1) + 10) * 1024)
                #expect(answers.current >= 2000 && answers.current <= allowed, "\(answers.current) in \(took)")
                await asking.drain(inbox, by: .now)
            }
        }
    }

    @Test func `Whenever it is cancelled, it does not keep its connection from closing`() async throws {
        try await NATSServer.running { server in
            for round in 0..<200 {
                let connection = NATSConnection(NATSOptions(server), logger: .quiet)
                let service = Self.service(over: connection)
                // Some are told to stop before they are connected, some in the middle of it.
                if round % 2 == 0 { try await connection.connected() }
                await withDiscardingTaskGroup { group in
                    group.addTask { await service.run() }
                    group.cancelAll()
                }
                let took = await ContinuousClock().measure { await connection.close() }
                #expect(took < .seconds(3), "round \(round): \(took)")
            }
        }
    }
}
