import JSONBytes
import NATSClient
import TestSupport

/// A bot that sends through the gateway, over the test's own connection.
struct Bot: Sendable {
    let nats: NATSConnection
    let account: GatewayAccount

    init(_ gateway: Gateway, as account: GatewayAccount = .myAccount) {
        self.nats = gateway.nats
        self.account = account
    }

    /// Asks for an action and waits for the reply.
    ///
    /// - Parameters:
    ///   - time: `Wa-Timeout-Ms`, in milliseconds; none is sent without.
    ///   - limit: how long the bot itself waits.
    /// - Throws: `NATSError`, with `noResponders` where no worker listens.
    func ask(
        _ action: String, _ payload: [UInt8], headers: [NATSHeader] = [], within time: Int? = nil,
        waiting limit: Duration = .seconds(20)
    ) async throws(NATSError) -> NATSMessage {
        try await self.nats.request(self.message(action, payload, headers: headers, within: time), timeout: limit)
    }

    func ask(
        _ action: String, _ payload: String, headers: [NATSHeader] = [], within time: Int? = nil,
        waiting limit: Duration = .seconds(20)
    ) async throws(NATSError) -> NATSMessage {
        try await self.ask(action, Array(payload.utf8), headers: headers, within: time, waiting: limit)
    }

    /// Sends a text message and waits for the reply.
    func text(
        _ text: String, to number: String = "447700900123", headers: [NATSHeader] = [], within time: Int? = nil
    ) async throws(NATSError) -> NATSMessage {
        try await self.ask("sendMessage", Self.textPayload(text, to: number), headers: headers, within: time)
    }

    /// Publishes a request whose answer, if any, goes to a subject of the test's; as `nats pub` where there is none.
    func tell(
        _ action: String, _ payload: String, headers: [NATSHeader] = [], within time: Int? = nil, reply: String? = nil
    ) {
        let message = self.message(action, Array(payload.utf8), headers: headers, within: time)
        if let reply {
            self.nats.publish(message, reply: reply)
        } else {
            self.nats.publish(message)
        }
    }

    static func textPayload(_ text: String, to number: String = "447700900123") -> String {
        var writer = JSONWriter()
        writer.object { payload in
            payload.member("to", string: number)
            payload.member("text", string: text)
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func message(
        _ action: String, _ payload: [UInt8], headers: [NATSHeader], within time: Int?
    ) -> OutgoingMessage {
        OutgoingMessage(
            subject: "whatsapp.\(self.account.name).out.\(action)",
            headers: headers + (time.map { [NATSHeader("Wa-Timeout-Ms", "\($0)")] } ?? []), payload: payload)
    }
}

/// A reply or an event, as a bot reads it.
extension NATSMessage {
    var text: String { String(decoding: self.payload, as: UTF8.self) }

    /// `nil` where the payload is no JSON.
    var json: JSONTree? { try? JSONTree(self.payload) }

    /// `Nats-Service-Error-Code`; `nil` for what was sent.
    var failureStatus: Int? { self.header("Nats-Service-Error-Code").flatMap { Int($0) } }

    /// `type` and `code` of the reply's error object, such as `GraphUnavailable 503`.
    var failure: String? {
        guard let error = self.json?["error"] else { return nil }
        return "\(error["type"]?.string ?? "?") \(error["code"]?.int ?? 0)"
    }
}
