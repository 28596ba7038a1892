import NIOHTTP1
import TestSupport

/// A request as the server hands it over.
struct IncomingRequest: Sendable {
    let connection: Int
    let method: String
    let target: String
    let headers: HTTPHeaders
    let body: [UInt8]
}

/// What is to be done about a request.
struct Reaction: Sendable {
    var answer: GraphAnswer
    var disturbance = SimulatorFaults.Disturbance.none
    /// How long to wait before the answer begins.
    var delay = Duration.zero
    var accepted: AcceptedMessage?
}

/// The simulated Graph API as a value: takes requests, returns reactions, keeps the records.
struct SimulatedGraph: Sendable {
    var accounts: SimulatedAccounts
    var stats = SimulatorStats()
    private(set) var requests: BoundedLog<RecordedRequest>
    private(set) var accepted: BoundedLog<AcceptedMessage>
    private var generalFaults = SimulatorFaults()
    private var faultsByNumber: [String: SimulatorFaults] = [:]
    private var script: [ScriptedAnswer] = []
    private var ids: MessageIDs
    private var throttling = Throttling()

    init(accounts: [SimulatedAccount], seed: Seed) {
        self.accounts = SimulatedAccounts(accounts)
        self.ids = MessageIDs(seed: seed)
        self.requests = BoundedLog(entries: 100_000, bytes: 128 << 20) { $0.body.count + 512 }
        self.accepted = BoundedLog(entries: 100_000, bytes: 64 << 20) { $0.body.count + 256 }
    }

    /// The faults of one number, or those for all that have none of their own.
    func faults(of phoneNumberID: String?) -> SimulatorFaults {
        phoneNumberID.flatMap { self.faultsByNumber[$0] } ?? self.generalFaults
    }

    mutating func setFaults(_ faults: SimulatorFaults?, of phoneNumberID: String?) {
        if let phoneNumberID {
            self.faultsByNumber[phoneNumberID] = faults
        } else {
            self.generalFaults = faults ?? SimulatorFaults()
        }
    }

    mutating func clearFaults() {
        self.generalFaults = SimulatorFaults()
        self.faultsByNumber = [:]
    }

    mutating func enqueue(_ answers: [ScriptedAnswer]) { self.script += answers }
    mutating func clearScript() { self.script = [] }

    var scriptLength: Int { self.script.count }

    mutating func clearRecords() {
        self.requests.removeAll()
        self.accepted.removeAll()
    }

    mutating func inboundMessageID(from number: String) -> String {
        self.ids.messageID(with: number, inbound: true)
    }

    /// A number from 0 up to, not including, 1.
    mutating func draw() -> Double { self.ids.fraction() }

    /// Judges a request, records it, and says what is to be done about it.
    mutating func react(to request: IncomingRequest, at now: Duration) -> Reaction {
        let path = GraphPath(request.target)
        let phoneNumberID = path?.segments.first
        let faults = self.faults(of: phoneNumberID)
        self.stats.received += 1
        let number = self.stats.received
        var record = RecordedRequest(
            number: number, connection: request.connection, arrival: now, method: request.method,
            target: request.target, body: request.body, outcome: .disturbed, httpHeaders: request.headers)
        let scripted = self.nextScripted(phoneNumberID)
        var reaction: Reaction
        if let answer = scripted?.answer {
            reaction = Reaction(answer: answer)
            record.outcome = .scripted(status: answer.status)
            self.stats.scripted += 1
        } else {
            reaction = Reaction(answer: .success)
            do {
                let disturbance = scripted?.disturbance ?? self.disturbance(faults)
                try self.judge(request, path, faults, disturbance, at: now, &reaction, &record)
            } catch {
                record.outcome = .refused(code: error.code)
                reaction.answer = error.answer(trace: self.ids.trace())
                self.stats.refused += 1
            }
        }
        if let scripted {
            reaction.disturbance = scripted.disturbance
            reaction.delay = scripted.delay
        } else {
            reaction.delay = self.latency(faults)
        }
        self.replaceAnswer(in: &reaction, faults)
        if reaction.disturbance != .none { self.stats.disturbed += 1 }
        record.disturbance = reaction.disturbance
        self.requests.append(record)
        if let accepted = reaction.accepted {
            self.stats.accepted += 1
            self.accepted.append(accepted)
        }
        return reaction
    }

    private mutating func judge(
        _ request: IncomingRequest, _ path: GraphPath?, _ faults: SimulatorFaults,
        _ disturbance: SimulatorFaults.Disturbance, at now: Duration, _ reaction: inout Reaction,
        _ record: inout RecordedRequest
    ) throws(GraphRefusal) {
        guard let path, let object = path.segments.first else { throw .unknownPath(request.target) }
        let authorization = request.headers.first(name: "Authorization") ?? ""
        guard authorization.hasPrefix("Bearer "),
            let permitted = self.accounts.phoneNumberIDs(token: String(authorization.dropFirst("Bearer ".count)))
        else { throw .invalidToken }
        let account = permitted.contains(object) ? self.accounts.byPhoneNumberID[object] : nil
        if faults.errorRate > 0, self.draw() < faults.errorRate {
            var error = faults.error
            error.retryAfter = faults.retryAfter
            throw error
        }
        guard path.segments.count == 2, path.segments[1] == "messages", request.method == "POST" else {
            let answer = try GraphNodes.answer(
                method: request.method, path: path, account: account, accounts: self.accounts)
            reaction.disturbance = disturbance
            reaction.answer = answer
            record.outcome = .answered(status: answer.status)
            return
        }
        guard let account else { throw .unknownObject(object, method: request.method) }
        switch MessageCheck(body: request.body, contentType: request.headers.first(name: "Content-Type")) {
        case .refused(let refusal): throw refusal
        case .read:
            reaction.disturbance = disturbance
            record.outcome = .answered(status: 200)
        case .message(let message):
            do {
                try self.throttling.count(message, of: account.phoneNumberID, faults, at: now)
            } catch {
                self.stats.throttled += 1
                throw error
            }
            reaction.disturbance = disturbance
            if disturbance.hidesAnswer, !faults.acceptsDisturbed { return }
            let accepted = self.accept(message, account, request, record.number, disturbance)
            reaction.accepted = accepted
            reaction.answer = accepted.answer
            record.outcome = .accepted(messageID: accepted.id)
        }
    }
}

extension SimulatedGraph {
    private mutating func accept(
        _ message: SentMessage, _ account: SimulatedAccount, _ request: IncomingRequest, _ number: Int,
        _ disturbance: SimulatorFaults.Disturbance
    ) -> AcceptedMessage {
        AcceptedMessage(
            request: number, id: self.ids.messageID(with: message.whatsAppID ?? ""), account: account, to: message.to,
            recipient: message.recipient, type: message.type, text: message.text, callbackData: message.callbackData,
            body: request.body, answered: !disturbance.hidesAnswer, whatsAppID: message.whatsAppID,
            isForGroup: message.isForGroup)
    }

    private mutating func nextScripted(_ phoneNumberID: String?) -> ScriptedAnswer? {
        guard !self.script.isEmpty else { return nil }
        return self.script.firstIndex { $0.phoneNumberID == nil || $0.phoneNumberID == phoneNumberID }
            .map { self.script.remove(at: $0) }
    }

    private mutating func disturbance(_ faults: SimulatorFaults) -> SimulatorFaults.Disturbance {
        guard faults.disturbance != .none else { return .none }
        return faults.disturbanceRate >= 1 || self.draw() < faults.disturbanceRate ? faults.disturbance : .none
    }

    private mutating func latency(_ faults: SimulatorFaults) -> Duration {
        let range = faults.latency
        guard range.lowerBound < range.upperBound else { return range.lowerBound }
        return range.lowerBound + (range.upperBound - range.lowerBound) * self.draw()
    }

    /// Puts what a proxy would say in the answer's place, where that is the disturbance.
    private func replaceAnswer(in reaction: inout Reaction, _ faults: SimulatorFaults) {
        switch reaction.disturbance {
        case .htmlBadGateway:
            reaction.answer = GraphAnswer(
                status: 502, headers: [.init("Content-Type", "text/html")],
                body: Array("<!DOCTYPE html><html><body>Bad Gateway</body></html>".utf8))
        case .emptyUnavailable:
            let headers = faults.retryAfter.map { [GraphAnswer.Header("Retry-After", $0)] } ?? []
            reaction.answer = GraphAnswer(status: 503, headers: headers, body: [])
        case .noJSON:
            reaction.answer = GraphAnswer(
                status: 200, headers: [.init("Content-Type", "text/html")], body: Array("<html>ok</html>".utf8))
        case .none, .hang, .reset, .close, .slow, .half: break
        }
    }
}

extension SimulatorFaults.Disturbance {
    /// Whether the caller cannot know from it what became of the message.
    var hidesAnswer: Bool {
        switch self {
        case .none, .slow: false
        case .hang, .reset, .close, .half, .htmlBadGateway, .emptyUnavailable, .noJSON: true
        }
    }
}
