import JSONBytes
import NATSClient
import TestSupport

/// A bot that stores jobs, and reads what becomes of them.
struct JobQueue: Sendable {
    let gateway: Gateway
    let account: GatewayAccount

    init(_ gateway: Gateway, of account: GatewayAccount = .myAccount) {
        self.gateway = gateway
        self.account = account
    }

    /// Stores a job and returns its place in the stream.
    @discardableResult
    func add(_ action: String, _ payload: String, headers: [NATSHeader] = []) async throws -> PubAck {
        try await self.gateway.nats.store([self.job(action, payload, headers)], timeout: .seconds(5))[0].get()
    }

    /// Stores text messages, in order.
    func add(texts: [(text: String, to: String)], headers: [NATSHeader] = []) async throws {
        let jobs = texts.map { self.job("sendMessage", Bot.textPayload($0.text, to: $0.to), headers) }
        for ack in await self.gateway.nats.store(jobs, timeout: .seconds(20)) { _ = try ack.get() }
    }

    @discardableResult
    func add(
        text: String, to number: String = "447700900123", headers: [NATSHeader] = []
    ) async throws -> PubAck {
        try await self.add("sendMessage", Bot.textPayload(text, to: number), headers: headers)
    }

    /// Keeps what is told of the account's jobs from now on.
    func events() async throws -> NATSTap {
        try await NATSTap(on: self.gateway.nats, "whatsapp.\(self.account.name).*")
    }

    /// What `WHATSAPP_DEAD` holds of the account's jobs.
    func deadLetters() async throws -> [NATSMessage] {
        try await self.gateway.stored(in: "WHATSAPP_DEAD").filter {
            $0.subject.hasPrefix("whatsapp.\(self.account.name).dead.")
        }
    }

    /// Waits until the stream holds no job any more.
    func emptied(within limit: Duration = .seconds(20)) async throws {
        try await eventually("WHATSAPP_OUT is empty", within: limit) {
            try await self.gateway.messageCount(of: "WHATSAPP_OUT") == 0
        }
    }

    private func job(_ action: String, _ payload: String, _ headers: [NATSHeader]) -> OutgoingMessage {
        OutgoingMessage(
            subject: "whatsapp.\(self.account.name).queue.\(action)", headers: headers, payload: Array(payload.utf8))
    }
}

extension NATSTap {
    /// Waits for the event of a job.
    func event(_ kind: String, ofJob id: String, within limit: Duration = .seconds(20)) async throws -> NATSMessage {
        try await self.first("\(kind) of \(id)", within: limit) {
            $0.subject.hasSuffix(".\(kind)") && $0.json?["job_id"]?.string == id
        }
    }
}
