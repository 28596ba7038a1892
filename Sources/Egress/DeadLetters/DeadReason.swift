/// Why a job will not be sent, in the words of the header `Wa-Reason`.
enum DeadReason: String, Hashable, Sendable, CaseIterable {
    /// The action, the payload or a control header is not what it must be; nothing was sent.
    case invalid
    /// Graph refused it for good.
    case refused
    /// It was not sent by its `Wa-Expires`.
    case expired
    /// It may have been sent, and nothing settles whether it was.
    case unknownOutcome = "unknown outcome"
    /// Tried as often as `EGRESS_MAX_ATTEMPTS` allows.
    case outOfAttempts = "out of attempts"
}
