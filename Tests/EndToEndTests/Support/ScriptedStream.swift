import NATSClient
import TestSupport

/// Plays JetStream for an ingress on a server that has none: every ack waits until the test gives it.
final class ScriptedStream: Sendable {
    private let connection: NATSConnection
    private let waiting = Watched<[NATSMessage]>([])

    /// Returns when the server knows that this is `WHATSAPP_IN`.
    init(on connection: NATSConnection) async throws {
        self.connection = connection
        let configuration =
            #"{"config":{"name":"WHATSAPP_IN","subjects":["whatsapp.*.in.>","whatsapp.event.*"],"#
            + #""retention":"limits","storage":"file","discard":"new","duplicate_window":3600000000000}}"#
        _ = connection.subscribe("$JS.API.STREAM.INFO.WHATSAPP_IN") { message in
            guard let reply = message.reply else { return }
            connection.publish(OutgoingMessage(subject: reply, payload: Array(configuration.utf8)))
        }
        _ = connection.subscribe("whatsapp.>") { [waiting] message in
            waiting.update { $0.append(message) }
        }
        try await connection.roundTrip(timeout: .seconds(10))
    }

    /// Waits until so many messages are waiting for their acks.
    func waitForMessages(_ count: Int) async throws {
        let waiting = self.waiting
        _ = try await waiting.first(what: "\(count) messages, not \(waiting.current.count)") {
            $0.count >= count ? true : nil
        }
    }

    /// Gives its ack to every message that waits for one.
    func acknowledge() {
        let messages = self.waiting.update { messages in
            defer { messages = [] }
            return messages
        }
        for (index, message) in messages.enumerated() {
            guard let reply = message.reply else { continue }
            let ack = #"{"stream":"WHATSAPP_IN","seq":\#(index + 1)}"#
            self.connection.publish(OutgoingMessage(subject: reply, payload: Array(ack.utf8)))
        }
    }
}
