import TestSupport

/// What came of posting a webhook once.
enum Attempt: Sendable, CustomStringConvertible {
    case answered(HTTPReply)
    /// The connection ended before there was an answer; whether it had served a request before.
    case cut(isReused: Bool)
    /// The ingress' address did not take a connection.
    case refused(String)
    /// No answer came within the limit.
    case unanswered(String)

    var isAccepted: Bool {
        if case .answered(let reply) = self { reply.status == 200 } else { false }
    }

    var description: String {
        switch self {
        case .answered(let reply): "\(reply.status)"
        case .cut: "cut"
        case .refused: "refused"
        case .unanswered: "unanswered"
        }
    }
}

/// How often each thing came of posting a webhook.
struct AttemptTally: Hashable, Sendable {
    var accepted = 0
    var unavailable = 0
    var timedOut = 0
    /// Connections that ended when a request was sent on a connection that had served before: clients may repeat it.
    var cutReused = 0
    var cutFresh = 0
    var refused = 0

    static func - (later: AttemptTally, earlier: AttemptTally) -> AttemptTally {
        AttemptTally(
            accepted: later.accepted - earlier.accepted, unavailable: later.unavailable - earlier.unavailable,
            timedOut: later.timedOut - earlier.timedOut, cutReused: later.cutReused - earlier.cutReused,
            cutFresh: later.cutFresh - earlier.cutFresh, refused: later.refused - earlier.refused)
    }
}
