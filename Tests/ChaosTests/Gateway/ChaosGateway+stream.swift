import JSONBytes
import NATSClient
import NATSTestSupport
import TestSupport

/// A message as the stream holds it.
struct StoredEvent: Hashable, Sendable {
    let messageID: String
    let subject: String
    let payload: [UInt8]
}

extension ChaosGateway {
    static let stream = "WHATSAPP_IN"
    /// Where the test stores messages of its own, to see when the server can.
    static let probeSubject = "whatsapp.event.probe"

    /// How many messages `storeFirst()` puts at the head of the stream.
    static let firstCount = 10
    private static let firstID = "first:"

    /// Stores messages that may be lost before any that must not.
    ///
    /// At its byte limit a nats-server of before November 2023 takes a message that does not quite fit, and drops the
    /// oldest for it, although the stream discards new ones (its issues 4771 and 4775).
    func storeFirst() async throws {
        let messages = (0..<Self.firstCount).map { number in
            OutgoingMessage(
                subject: Self.probeSubject, headers: [NATSHeader("Nats-Msg-Id", "\(Self.firstID)\(number)")],
                payload: [])
        }
        try await withConnection(to: self.server) { connection in
            for result in await connection.store(messages, timeout: .seconds(10)) { _ = try result.get() }
        }
    }

    /// How many of those are in the stream no more.
    static func droppedFirst(_ stored: [StoredEvent]) -> Int {
        self.firstCount - stored.count { $0.messageID.hasPrefix(self.firstID) }
    }

    /// Waits until the server stores a message, as a client does that knows it is there again.
    func awaitStoring() async throws {
        try await withConnection(to: self.server) { connection in
            try await eventually("nats-server stores a message", within: .seconds(30)) {
                let probe = OutgoingMessage(
                    subject: Self.probeSubject,
                    headers: [NATSHeader("Nats-Msg-Id", "probe:\(UInt64.random(in: .min ... .max))")], payload: [])
                guard case .success = await connection.store([probe], timeout: .seconds(5))[0] else { return false }
                return true
            }
        }
    }

    /// Lets the stream keep so many bytes more than it has, or as many as there are.
    func limitStream(toFurther bytes: Int?) async throws {
        try await withConnection(to: self.server) { connection in
            let answer = try await self.call("STREAM.INFO.\(Self.stream)", on: connection)
            guard let configuration = answer.root["config"], let limit = configuration["max_bytes"],
                let held = answer.root["state"]?["bytes"]?.int
            else { throw GatewayTrouble("STREAM.INFO is unreadable") }
            let wanted = bytes.map { held + $0 } ?? -1
            let request =
                answer.bytes[configuration.range.lowerBound..<limit.range.lowerBound] + Array("\(wanted)".utf8)
                + answer.bytes[limit.range.upperBound..<configuration.range.upperBound]
            _ = try await self.call("STREAM.UPDATE.\(Self.stream)", Array(request), on: connection)
        }
    }

    /// Everything that the stream holds, in its order.
    func storedEvents() async throws -> [StoredEvent] {
        try await withConnection(to: self.server) { connection in
            let answer = try await self.call("STREAM.INFO.\(Self.stream)", on: connection)
            guard let count = answer.root["state"]?["messages"]?.int else {
                throw GatewayTrouble("STREAM.INFO is unreadable")
            }
            let received = Watched<[StoredEvent]>([])
            _ = connection.subscribe("chaos.stored") { message in
                received.update {
                    $0.append(
                        StoredEvent(
                            messageID: message.header("Nats-Msg-Id") ?? "", subject: message.subject,
                            payload: message.payload))
                }
            }
            try await connection.roundTrip(timeout: .seconds(10))
            // The rate is bounded, in bits a second, so that the server does not take this client for a slow one.
            let consumer =
                #"{"stream_name":"\#(Self.stream)","config":{"deliver_subject":"chaos.stored","deliver_policy":"all","#
                + #""ack_policy":"none","rate_limit_bps":200000000}}"#
            _ = try await self.call("CONSUMER.CREATE.\(Self.stream)", Array(consumer.utf8), on: connection)
            return try await received.first(
                within: .seconds(120), what: "\(count) messages of the stream; \(received.read { $0.count }) came"
            ) { $0.count >= count ? $0 : nil }
        }
    }

    private func call(_ name: String, _ body: [UInt8] = [], on connection: NATSConnection) async throws -> JSONDocument
    {
        let reply = try await connection.request(
            OutgoingMessage(subject: "$JS.API.\(name)", payload: body), timeout: .seconds(10))
        let document = try JSONDocument(validating: reply.payload)
        guard document.root["error"] == nil else {
            throw GatewayTrouble("\(name): \(String(decoding: reply.payload, as: UTF8.self))")
        }
        return document
    }
}
