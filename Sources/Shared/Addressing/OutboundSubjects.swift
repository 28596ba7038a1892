/// The subjects of one account's outbound traffic, with their fixed parts built once.
package struct OutboundSubjects: Hashable, Sendable {
    /// `whatsapp.<name>.out.*`: what the request lane subscribes to.
    package let requests: String
    /// `whatsapp.<name>.queue.*`: what the queue lane's consumer takes from its stream.
    package let jobs: String
    /// `whatsapp.<name>.sent`: told after every job that was sent.
    package let sent: String
    /// `whatsapp.<name>.error`: told when a request or job has failed for good, or a lane pauses.
    package let error: String
    /// `whatsapp.<name>.lease`: where workers that could hold the account's queue lane make themselves known.
    package let lease: String

    private let account: AccountName
    private let requestStem: String
    private let jobStem: String
    private let deadStem: String

    package init(of account: AccountName) {
        let stem = "whatsapp.\(account.value)."
        self.account = account
        self.requestStem = stem + "out."
        self.jobStem = stem + "queue."
        self.deadStem = stem + "dead."
        self.requests = self.requestStem + "*"
        self.jobs = self.jobStem + "*"
        self.sent = stem + "sent"
        self.error = stem + "error"
        self.lease = stem + "lease"
    }

    /// `whatsapp.<name>.out.<action>`; `action` must be one subject token.
    package func request(_ action: String) -> String { self.requestStem + action }

    /// `whatsapp.<name>.queue.<action>`; `action` must be one subject token.
    package func job(_ action: String) -> String { self.jobStem + action }

    /// `whatsapp.<name>.dead.<action>`; `action` must be one subject token.
    package func dead(_ action: String) -> String { self.deadStem + action }

    /// The action that a request's subject names, known or not; nil when the subject is no request to this account.
    package func action(ofRequest subject: String) -> Substring? { Self.token(of: subject, after: self.requestStem) }

    /// The action that a job's subject names, known or not; nil when the subject is no job of this account.
    package func action(ofJob subject: String) -> Substring? { Self.token(of: subject, after: self.jobStem) }

    private static func token(of subject: String, after stem: String) -> Substring? {
        let (bytes, prefix) = (subject.utf8, stem.utf8)
        guard bytes.count > prefix.count, bytes.starts(with: prefix) else { return nil }
        let token = bytes.dropFirst(prefix.count)
        return token.contains(UInt8(ascii: ".")) ? nil : Substring(token)
    }
}
