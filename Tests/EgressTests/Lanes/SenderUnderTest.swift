import Addressing
import NATSTestSupport
import Settings
import TestSupport
import Testing

@testable import Egress

/// An account's sender in virtual time, over a scripted transport.
struct SenderUnderTest {
    static let token = Secret("EAAGsecretTokenOfMine")

    let clock = VirtualClock()
    let transport: ScriptedTransport
    let sender: AccountSender
    /// How calls ended, by their labels, in order.
    let ends = Watched<[(label: String, end: SendEnd, attempts: Int?)]>([])
    /// With what the account has paused.
    let pauses: Watched<[(answer: GraphAnswer, action: Action)]>

    /// Runs a sender for as long as the closure takes.
    static func running(
        _ limits: SendLimits = SendLimits(ratePerSecond: 1000), over transport: ScriptedTransport = ScriptedTransport(),
        _ body: @escaping @Sendable (SenderUnderTest) async throws -> Void
    ) async throws {
        let test = SenderUnderTest(limits, transport)
        try await withThrowingTaskGroup { group in
            group.addTask { await test.sender.run() }
            defer { test.sender.finish() }
            try await body(test)
        }
    }

    private init(_ limits: SendLimits, _ transport: ScriptedTransport) {
        let pauses = Watched<[(answer: GraphAnswer, action: Action)]>([])
        self.pauses = pauses
        self.transport = transport
        self.sender = AccountSender(
            ServedAccount(
                name: AccountName("my_account")!, phoneNumberID: .mine, accessToken: Self.token, ratePerSecond: 80),
            limits: limits, transport: transport, clock: self.clock.clock,
            logger: .quiet
        ) { answer, action in pauses.update { $0.append((answer, action)) } }
    }

    /// Gives the sender a text message, whose text is its label.
    func submit(_ label: String, to number: String = "447700900123", within time: Duration = .seconds(4)) throws {
        try self.submit(label, call("sendMessage", #"{"to":"\#(number)","text":"\#(label)"}"#), within: time)
    }

    func submit(_ label: String, _ call: OutboundCall, within time: Duration = .seconds(4)) {
        let ends = self.ends
        self.sender.submit(
            PendingSend(call: call, lane: .request, writeBy: self.clock.clock.now() + time) { end, _ in
                ends.update { $0.append((label, end, nil)) }
            })
    }

    /// Gives the sender a job, whose text is its label.
    func submitJob(
        _ label: String, _ escort: ScriptedEscort, to number: String = "447700900123", within time: Duration? = nil,
        attempts: Int = 0, isInDoubt: Bool = false
    ) throws {
        let text = try call("sendMessage", #"{"to":"\#(number)","text":"\#(label)"}"#)
        self.submitJob(label, text, escort, within: time, attempts: attempts, isInDoubt: isInDoubt)
    }

    func submitJob(
        _ label: String, _ call: OutboundCall, _ escort: ScriptedEscort, within time: Duration? = nil,
        attempts: Int = 0, isInDoubt: Bool = false
    ) {
        let ends = self.ends
        self.sender.submit(
            PendingSend(
                call: call, lane: .queue, writeBy: time.map { self.clock.clock.now() + $0 }, attempts: attempts,
                isInDoubt: isInDoubt, escort: escort
            ) { end, attempts in ends.update { $0.append((label, end, attempts)) } })
    }

    /// Waits until a call has ended, and says how: `sent 200`, `refused 190`, `unreached`, `unknown`, `too late`,
    /// `too late after …`, `paused 190`, `overloaded`, `out of attempts`, `withdrawn`; of a job with its attempts.
    func end(of label: String) async throws -> String {
        try await self.ends.first(what: "the end of \(label)") { ends in
            ends.first { $0.label == label }.map { $0.end.words + ($0.attempts.map { ", attempts \($0)" } ?? "") }
        }
    }

    /// The labels of what has ended so far, in order.
    var ended: [String] { self.ends.read { $0.map(\.label) } }
}

extension SendEnd {
    var words: String {
        switch self {
        case .settled(let result): result.words
        case .outOfTime(last: nil): "too late"
        case .outOfTime(last: let result?): "too late after \(result.words)"
        case .paused(let answer): "paused \(GraphError(in: answer.body)?.code ?? answer.status)"
        case .overloaded: "overloaded"
        case .outOfAttempts(let result): "out of attempts\(result.map { " after \($0.words)" } ?? "")"
        case .withdrawn(let last): "withdrawn\(last.map { " after \($0.words)" } ?? "")"
        }
    }
}

extension CallResult {
    var words: String {
        switch self {
        case .sent(let answer): "sent \(answer.status)"
        case .refused(let answer, let error): "refused \(error?.code ?? answer.status)"
        case .unreached: "unreached"
        case .unknown: "unknown"
        }
    }
}
