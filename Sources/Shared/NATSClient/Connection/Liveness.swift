/// Whether a server that says nothing is still there, as a value: is told what is heard and what time it is.
///
/// It is asked after 2 s of silence and again after 4 s; after 6 s it counts as gone.
struct Liveness {
    enum Step: Hashable {
        case nothing
        /// Say something that it has to answer.
        case ask
        /// Let go of the connection.
        case giveUp
    }

    static let interval = Duration.seconds(2)
    static let mostQuestions = 2

    /// When to tell `due`.
    private(set) var next: ContinuousClock.Instant
    private var hasHeard = false
    private var questions = 0

    init(from now: ContinuousClock.Instant) {
        self.next = now + Self.interval
    }

    /// The server has said something.
    mutating func heard() {
        self.hasHeard = true
    }

    /// Time has passed. Where this process itself stood still, that counts as one interval, however long it was.
    mutating func due(at now: ContinuousClock.Instant) -> Step {
        guard now >= self.next else { return .nothing }
        self.next = now + Self.interval
        if self.hasHeard {
            self.hasHeard = false
            self.questions = 0
            return .nothing
        }
        self.questions += 1
        return self.questions > Self.mostQuestions ? .giveUp : .ask
    }
}
