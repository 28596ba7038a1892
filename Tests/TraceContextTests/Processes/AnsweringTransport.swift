import Settings
import TestSupport

@testable import Egress

/// Graph, as far as one answer for every call goes; keeps the calls.
final class AnsweringTransport: GraphTransport {
    private let state = Watched<(calls: [GraphCall], outcomes: [GraphOutcome])>(([], []))

    var calls: [GraphCall] { self.state.read { $0.calls } }

    /// What the next calls come to, in order; after that they are all sent.
    func script(_ outcomes: GraphOutcome...) {
        self.state.update { $0.outcomes += outcomes }
    }

    func perform(_ call: GraphCall, token: Secret, writeBy: ContinuousClock.Instant) async -> GraphOutcome {
        self.state.update { state in
            state.calls.append(call)
            guard state.outcomes.isEmpty else { return state.outcomes.removeFirst() }
            return .answered(GraphAnswer(status: 200, body: Array(#"{"messages":[{"id":"wamid.2"}]}"#.utf8)))
        }
    }
}

extension GraphOutcome {
    static func refused(_ code: Int, status: Int = 400) -> GraphOutcome {
        let body = #"{"error":{"message":"No text to 447700900123","type":"OAuthException","code":\#(code)}}"#
        return .answered(GraphAnswer(status: status, body: Array(body.utf8)))
    }
}
