/// How a request or a job has ended, as the label `outcome` of `whatsapp_egress_sends_total` has it.
enum SendOutcome: Int, CaseIterable, Hashable, Sendable {
    /// Accepted by Meta.
    case sent
    /// Refused by Graph for good, or for now and not tried again.
    case refused
    /// Not what its action needs: nothing was sent.
    case invalid
    /// A request that was not written in its time, or whose idempotency key could not be claimed: nothing was sent.
    case unavailable
    /// It may have been sent.
    case unknown
    /// A request that came while as many were waiting as may: nothing was sent.
    case overloaded
    /// A request whose idempotency key another has that is under way: nothing was sent for this one.
    case running
    /// A request that got the answer which its idempotency key had before: nothing was sent for this one.
    case repeated
    /// A job that was not sent by its `Wa-Expires`.
    case expired
    /// A job that was tried as often as may be.
    case dead

    /// What requests and jobs can come to.
    static func possible(on lane: SendLane) -> [SendOutcome] {
        switch lane {
        case .request: [.sent, .refused, .invalid, .unavailable, .unknown, .overloaded, .running, .repeated]
        case .queue: [.sent, .refused, .invalid, .unknown, .expired, .dead]
        }
    }
}

extension Reply {
    /// How a request has ended that is answered so.
    var outcome: SendOutcome { self.failure?.outcome ?? .sent }
}

extension JobEnd {
    /// `nil` for a job that has not ended.
    var outcome: SendOutcome? {
        switch self {
        case .sent: .sent
        case .dead(.invalid, _): .invalid
        case .dead(.refused, _): .refused
        case .dead(.expired, _): .expired
        case .dead(.unknownOutcome, _): .unknown
        case .dead(.outOfAttempts, _): .dead
        case .withdrawn: nil
        }
    }
}
