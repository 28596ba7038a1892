import NIOCore
import TestSupport

/// Switches and records, as tests use them.
extension GraphSimulator {
    /// What goes wrong, for all numbers that have no faults of their own.
    package var faults: SimulatorFaults {
        get { self.graph.read { $0.faults(of: nil) } }
        set { self.graph.update { $0.setFaults(newValue, of: nil) } }
    }

    /// Sets what goes wrong for one number; nil: the same as for all.
    package func setFaults(_ faults: SimulatorFaults?, of phoneNumberID: String) {
        self.graph.update { $0.setFaults(faults, of: phoneNumberID) }
    }

    /// Makes all well again, for all numbers.
    package func clearFaults() {
        self.graph.update { $0.clearFaults() }
    }

    /// Has the next calls answered so, in this order; they are judged by nothing else.
    package func script(_ answers: [ScriptedAnswer]) {
        self.graph.update { $0.enqueue(answers) }
    }

    package func script(_ answer: ScriptedAnswer) {
        self.script([answer])
    }

    /// How many scripted answers no call has taken yet.
    package var scriptLength: Int { self.graph.read { $0.scriptLength } }

    /// Adds an account, or changes the one with its phone number ID; its old token is refused from now on.
    package func setAccount(_ account: SimulatedAccount) {
        self.graph.update { $0.accounts.set(account) }
    }

    /// Lets a further token use an account, as Meta does while one is being rotated; `setAccount` ends the old one.
    package func permit(token: String, for phoneNumberID: String) {
        self.graph.update { $0.accounts.permit(token: token, for: phoneNumberID) }
    }

    /// Refuses a token from now on.
    package func revoke(token: String) {
        self.graph.update { $0.accounts.revoke(token: token) }
    }

    /// Sets which statuses follow the messages accepted from now on.
    package func setStatuses(_ plan: StatusPlan) {
        self.statuses.update { $0 = plan }
    }

    /// The last requests to Graph, the oldest first, within 100,000 and 128 MiB of bodies.
    package var requests: [RecordedRequest] { self.graph.read { Array($0.requests.entries) } }

    /// The last messages accepted, the oldest first, within 100,000 and 64 MiB of bodies.
    package var accepted: [AcceptedMessage] { self.graph.read { Array($0.accepted.entries) } }

    package var stats: SimulatorStats { self.graph.read { $0.stats } }

    /// Forgets the records; the counters go on.
    package func clearRecords() {
        self.graph.update { $0.clearRecords() }
    }

    /// Waits until so many messages have been accepted since the start, and returns those on record.
    ///
    /// - Throws: `Overdue`.
    @discardableResult
    package func waitForAccepted(_ count: Int, within limit: Duration = .seconds(10)) async throws -> [AcceptedMessage]
    {
        try await self.wait(within: limit, for: "\(count) messages accepted") { $0.accepted >= count }
        return self.accepted
    }

    /// Waits until so many requests have arrived since the start, and returns those on record.
    ///
    /// - Throws: `Overdue`.
    @discardableResult
    package func waitForRequests(_ count: Int, within limit: Duration = .seconds(10)) async throws -> [RecordedRequest]
    {
        try await self.wait(within: limit, for: "\(count) requests") { $0.received >= count }
        return self.requests
    }

    /// Waits until the counters are as wanted.
    ///
    /// - Throws: `Overdue`, with the counters as they were when the wait began.
    package func wait(
        within limit: Duration = .seconds(10), for what: String,
        until isReached: @escaping @Sendable (SimulatorStats) -> Bool
    ) async throws {
        let counters = String(decoding: self.stats.json.bytes, as: UTF8.self)
        _ = try await self.graph.first(within: limit, what: "\(what); at first the counters were \(counters)") {
            isReached($0.stats) ? true : nil
        }
    }

    /// What became of a webhook that was posted on demand.
    package struct PostedWebhook: Sendable {
        /// The ID of the message in it.
        package let messageID: String
        package let body: [UInt8]
        /// The status of the first answer; nil: there was none. Whatever is not 200 is posted again.
        package let status: Int?
    }

    /// There is nowhere to post a webhook to, or no such account.
    package struct CannotPost: Error, Hashable {
        package let reason: String
    }

    /// Has a user write a text message: builds the webhook, signs it, posts it, waits for the first answer.
    ///
    /// - Parameter from: the user's number, in digits.
    /// - Throws: `CannotPost`.
    @discardableResult
    package func postInbound(
        _ text: String, from: String, name: String = "Test Person", to phoneNumberID: String
    ) async throws -> PostedWebhook {
        let (id, body, status) = try self.inbound(text, from: from, name: name, to: phoneNumberID)
        return PostedWebhook(messageID: id, body: body, status: try await status.get())
    }

    /// Posts any bytes as a webhook, signed; waits for the first answer's status, nil when there was none.
    ///
    /// - Throws: `CannotPost`.
    @discardableResult
    package func postWebhook(_ body: [UInt8]) async throws -> Int? {
        guard let poster else { throw CannotPost(reason: "there is no ingress to post webhooks to") }
        return try await poster.post(body).get()
    }

    func inbound(
        _ text: String, from: String, name: String, to phoneNumberID: String
    ) throws(CannotPost) -> (id: String, body: [UInt8], status: EventLoopFuture<Int?>) {
        guard let poster else { throw CannotPost(reason: "there is no ingress to post webhooks to") }
        let (found, id) = self.graph.update { graph in
            (graph.accounts.byPhoneNumberID[phoneNumberID], graph.inboundMessageID(from: from))
        }
        guard let account = found else { throw CannotPost(reason: "no account has this phone number ID") }
        let body = WebhookBody.text(
            text, from: from, name: name, to: account, id: id, timestamp: WallClock.seconds
        ).bytes
        return (id, body, poster.post(body))
    }
}
