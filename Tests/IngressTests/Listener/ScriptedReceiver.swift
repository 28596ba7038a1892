import Foundation
import TraceContext

@testable import Ingress

/// A receiver that keeps what it gets and answers as it is told, at once or when it is told.
final class ScriptedReceiver: WebhookReceiver, @unchecked Sendable {
    // Guarded by `condition`.
    private let condition = NSCondition()
    private var verdict: WebhookVerdict?
    private var received: [(body: [UInt8], trace: TraceHeaders)] = []
    private var held: [@Sendable (WebhookVerdict) -> Void] = []

    /// - Parameter verdict: what every webhook is answered at once; nil: each is held until `release`.
    init(_ verdict: WebhookVerdict? = .accepted) {
        self.verdict = verdict
    }

    var bodies: [[UInt8]] { self.condition.withLock { self.received.map(\.body) } }
    var traces: [TraceHeaders] { self.condition.withLock { self.received.map(\.trace) } }

    func receive(
        _ body: [UInt8], trace: TraceHeaders, completion: @escaping @Sendable (WebhookVerdict) -> Void
    ) {
        let verdict = self.condition.withLock {
            self.received.append((body, trace))
            if self.verdict == nil { self.held.append(completion) }
            self.condition.broadcast()
            return self.verdict
        }
        if let verdict { completion(verdict) }
    }

    /// Waits until so many webhooks have come in all; false when they do not within 20 s.
    func waits(for count: Int) -> Bool {
        let limit = Date(timeIntervalSinceNow: 20)
        return self.condition.withLock {
            while self.received.count < count {
                guard self.condition.wait(until: limit) else { return false }
            }
            return true
        }
    }

    /// Answers all that are held; later ones at once.
    func release(_ verdict: WebhookVerdict = .accepted) {
        let held = self.condition.withLock {
            self.verdict = verdict
            defer { self.held = [] }
            return self.held
        }
        for completion in held { completion(verdict) }
    }

    /// Answers the oldest that is held.
    func releaseOne(_ verdict: WebhookVerdict = .accepted) {
        let completion = self.condition.withLock { self.held.isEmpty ? nil : self.held.removeFirst() }
        completion?(verdict)
    }
}
