import Addressing
import JSONBytes
import TestSupport

@testable import Egress

/// What a fixture means to the egress.
extension OutboundFixture {
    static func all(expecting outcome: Outcome) throws -> [OutboundFixture] {
        try Self.all().filter { $0.outcome == outcome }
    }

    /// Those that Graph refuses.
    ///
    /// - Parameter member: `body` for a refusal of Graph's own, `body_raw` for one of a server before it.
    static func refused(with member: String) throws -> [OutboundFixture] {
        try Self.all(expecting: .graphError).filter { $0["graph_response"]?[member] != nil }
    }

    /// Those that should reach Graph.
    static func allWithCall() throws -> [OutboundFixture] {
        try Self.all().filter { $0.call != nil }
    }

    subscript(key: String) -> JSONValue? { self.document.root[key] }

    var action: String { String(self.subject.split(separator: ".").last ?? "") }

    var phoneNumberID: PhoneNumberID { self.subject.hasPrefix("whatsapp.support.") ? .support : .mine }

    func outboundCall() throws -> OutboundCall {
        try OutboundCall(action: self.action, payload: self.request, from: self.phoneNumberID)
    }

    /// What the fake Graph answers: once, and once more with the status that is seen elsewhere.
    var graphAnswers: [GraphAnswer] {
        guard let answer else { return [] }
        return [answer.status, answer.statusSeenElsewhere].compactMap { $0 }
            .map { GraphAnswer(status: $0, body: answer.body) }
    }

    /// What the transport makes of the fault, where there is one.
    var fault: GraphOutcome? {
        self.transport.map { self.kind == "transport_before_send" ? .notWritten(reason: $0) : .lost(reason: $0) }
    }
}

extension PhoneNumberID {
    static let mine = PhoneNumberID("106540352242922")!
    static let support = PhoneNumberID("987654321")!
}
