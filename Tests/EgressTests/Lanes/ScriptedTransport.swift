import Settings
import TestSupport

@testable import Egress

/// A transport that answers from a script, or when the test says so.
final class ScriptedTransport: GraphTransport {
    /// A call as it arrived, and the way to answer it.
    final class Call: Sendable {
        let call: GraphCall
        let token: Secret
        let writeBy: ContinuousClock.Instant
        private let continuation: Watched<CheckedContinuation<GraphOutcome, Never>?>

        init(
            _ call: GraphCall, token: Secret, writeBy: ContinuousClock.Instant,
            _ continuation: CheckedContinuation<GraphOutcome, Never>
        ) {
            self.call = call
            self.token = token
            self.writeBy = writeBy
            self.continuation = Watched(continuation)
        }

        var body: String { String(decoding: self.call.body ?? [], as: UTF8.self) }

        /// The first answer counts.
        func answer(_ outcome: GraphOutcome) {
            let continuation = self.continuation.update { continuation in
                defer { continuation = nil }
                return continuation
            }
            continuation?.resume(returning: outcome)
        }
    }

    private let calls = Watched<[Call]>([])
    private let taken = Watched(0)
    private let script: @Sendable (GraphCall) -> GraphOutcome?

    /// - Parameter script: the answer to a call; `nil`: the test answers it.
    init(_ script: @escaping @Sendable (GraphCall) -> GraphOutcome? = { _ in nil }) {
        self.script = script
    }

    /// How many calls there have been.
    var count: Int { self.calls.read { $0.count } }
    /// The bodies of all calls so far, in order.
    var bodies: [String] { self.calls.read { $0.map(\.body) } }

    func perform(_ call: GraphCall, token: Secret, writeBy: ContinuousClock.Instant) async -> GraphOutcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let arrived = Call(call, token: token, writeBy: writeBy, continuation)
                self.calls.update { $0.append(arrived) }
                if let outcome = self.script(call) { arrived.answer(outcome) }
            }
        } onCancel: {
            // Whoever cancels waits for nothing any more; which call it was does not matter.
            for call in self.calls.current { call.answer(.notWritten(reason: "cancelled")) }
        }
    }

    /// Waits for the next call that was not yet returned from here.
    func next() async throws -> Call {
        let index = self.taken.update { taken in
            defer { taken += 1 }
            return taken
        }
        return try await self.calls.first(what: "call \(index + 1) to Graph") { calls in
            calls.count > index ? calls[index] : nil
        }
    }
}

extension GraphOutcome {
    /// Graph accepts a message.
    static let accepted = GraphOutcome.answered(
        GraphAnswer(status: 200, body: Array(#"{"messages":[{"id":"wamid.A"}]}"#.utf8)))

    /// Graph refuses with an error object.
    static func refused(
        _ code: Int, status: Int = 400, message: String = "no", retryAfter: Duration? = nil
    ) -> GraphOutcome {
        let body = #"{"error":{"message":"\#(message)","type":"OAuthException","code":\#(code)}}"#
        return .answered(GraphAnswer(status: status, body: Array(body.utf8), retryAfter: retryAfter))
    }
}
