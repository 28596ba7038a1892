import Addressing
import NATSClient

/// What is done with dead letters.
enum DeadLetterWork: Hashable, Sendable {
    /// Their jobs are stored again; then they are taken away.
    case replay
    /// They are taken away.
    case drop
}

/// The dead letters that a command is to work on, as they were when they were counted.
struct DeadLetterSelection: Hashable, Sendable {
    let work: DeadLetterWork
    let account: AccountName
    /// Rising.
    private(set) var sequences: [UInt64] = []
    /// How many of them would be stored again without their `Wa-Expires`, which is over.
    private(set) var expired = 0
    /// How many cannot be stored again, and stay.
    private(set) var unreplayable = 0

    init(_ work: DeadLetterWork, of account: AccountName) {
        self.work = work
        self.account = account
    }

    mutating func add(_ letter: KeptDeadLetter, at now: StreamTime) {
        guard self.work == .drop || letter.isReplayable else {
            self.unreplayable += 1
            return
        }
        self.sequences.append(letter.sequence)
        if self.work == .replay, letter.isExpired(at: now) { self.expired += 1 }
    }

    /// What is asked before anything is done.
    var question: String {
        let verb = self.work == .replay ? "Replay" : "Drop"
        return "\(verb) \(Self.letters(self.sequences.count, of: self.account))\(Self.without(self.expired))? [y/N] "
    }

    /// What there is to say of the letters that were passed over; `nil` where there are none.
    var remark: String? {
        guard self.unreplayable > 0 else { return nil }
        let letters = Self.letters(self.unreplayable, of: self.account)
        return "\(letters) cannot be replayed, for want of the whole payload or readable headers"
    }

    fileprivate static func letters(_ count: Int, of account: AccountName) -> String {
        "\(count) dead \(count == 1 ? "letter" : "letters") of \(account)"
    }

    fileprivate static func without(_ expired: Int) -> String {
        expired == 0 ? "" : ", \(expired) of them without \(expired == 1 ? "its" : "their") Wa-Expires, which is over"
    }
}

/// How far the work on a selection has come.
struct DeadLetterOutcome: Hashable, Sendable {
    private(set) var done = 0
    /// How many of those done had a `Wa-Expires` that was over.
    private(set) var expired = 0
    /// How many somebody else had taken away in between.
    private(set) var gone = 0
    /// How many jobs were refused for what they are; their letters stay.
    private(set) var refused = 0

    mutating func finished(expired isExpired: Bool = false) {
        self.done += 1
        if isExpired { self.expired += 1 }
    }

    mutating func missed() {
        self.gone += 1
    }

    mutating func wasRefused() {
        self.refused += 1
    }

    /// One sentence about it all.
    func summary(of selection: DeadLetterSelection) -> String {
        let verb = selection.work == .replay ? "Replayed" : "Dropped"
        let share = self.done == selection.sequences.count ? "" : "\(self.done) of "
        let letters = DeadLetterSelection.letters(selection.sequences.count, of: selection.account)
        let gone = self.gone == 0 ? "" : "; \(self.gone) \(self.gone == 1 ? "was" : "were") gone"
        return "\(verb) \(share)\(letters)\(DeadLetterSelection.without(self.expired))\(gone)."
    }
}
