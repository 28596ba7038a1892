/// What becomes of a job.
enum JobEnd: Hashable, Sendable {
    /// Meta has accepted it: with this answer, or, where the answer was lost, as a status webhook tells (`nil`).
    case sent(GraphAnswer?)
    /// It becomes a dead letter.
    case dead(DeadReason, Failure)
    /// It goes back to the stream, for whoever holds the lane next.
    case withdrawn

    /// Judges how the sending of a job ended.
    ///
    /// - Parameter end: what the sender says; never that the account is paused, for which the queue lane waits.
    init(_ end: SendEnd) {
        switch end {
        case .settled(.sent(let answer)): self = .sent(answer)
        case .settled(let result): self = .dead(.refused, result.failure ?? .unknown("no reason was given"))
        case .outOfAttempts(let result): self = .dead(.outOfAttempts, result?.failure ?? .unknown("its holder died"))
        case .outOfTime: self = .dead(.expired, .expired)
        case .withdrawn, .paused, .overloaded: self = .withdrawn
        }
    }
}
