import Addressing
import NATSClient

/// Which dead letters are meant; an empty set stands for any.
struct DeadLetterFilter: Hashable, Sendable {
    var reasons: Set<DeadReason> = []
    var codes: Set<Int> = []
    var actions: Set<String> = []
    var jobIDs: Set<String> = []
    /// The first time a letter may have been stored at.
    var since: StreamTime?
    /// The first time that is too late.
    var until: StreamTime?

    func matches(_ letter: KeptDeadLetter) -> Bool {
        if let since, letter.storedAt < since { return false }
        if let until, letter.storedAt >= until { return false }
        return Self.allows(self.reasons, letter.reason.flatMap { DeadReason(rawValue: $0) })
            && Self.allows(self.codes, letter.code) && Self.allows(self.actions, letter.action)
            // Compared as the header has them, where long ones are cut.
            && Self.allows(Set(self.jobIDs.map(HeaderText.encode)), letter.text(.jobID))
    }

    private static func allows<Value>(_ wanted: Set<Value>, _ value: Value?) -> Bool {
        wanted.isEmpty || value.map(wanted.contains) == true
    }
}
