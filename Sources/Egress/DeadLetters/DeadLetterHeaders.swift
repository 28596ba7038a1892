import NATSClient

/// The headers that a dead letter has beside its job's own, apart from `Nats-Msg-Id`.
enum DeadLetterHeader: String, CaseIterable {
    case jobID = "Wa-Job-Id"
    case error = "Wa-Error"
    case errorCode = "Wa-Error-Code"
    case attempts = "Wa-Attempts"
    case reason = "Wa-Reason"
    /// `headers`, `payload` or both: what did not fit and is not there, or not whole.
    case truncated = "Wa-Truncated"

    private static let names = Set(Self.allCases.map { $0.rawValue.lowercased() })

    /// Whether a header is the job's own: no dead letter's (a job that dies again would have those of its first death),
    /// and none of NATS' control headers, which would have the stream refuse the letter or take it for a duplicate.
    static func isOfJob(_ header: NATSHeader) -> Bool {
        let name = header.name.lowercased()
        return !name.hasPrefix("nats-") && !Self.names.contains(name)
    }
}

extension NATSHeader {
    /// Its line in bytes.
    var size: Int { Self.lineSize(self.name, self.value) }

    /// Whether its name can stand in a header line as it is; one that begins with a blank would go on with the line
    /// above.
    var hasPlainName: Bool {
        !self.name.isEmpty && self.name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }
    }
}
