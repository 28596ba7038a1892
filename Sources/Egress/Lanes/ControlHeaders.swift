import NATSClient

/// The control headers of a request or job: `Wa-…`, each of which may stand once.
struct ControlHeaders {
    private let headers: [NATSHeader]

    /// - Throws: a client error where the headers cannot be read.
    init(of message: NATSMessage) throws(ClientError) {
        if message.hasUnreadableHeaders {
            throw ClientError(
                "the headers cannot be read: expected lines of a name, a colon and a value, none of them empty")
        }
        self.headers = message.headers
    }

    /// The value of a header; `nil` where it is missing.
    ///
    /// - Throws: a client error where it stands more than once.
    subscript(name: String) -> String? {
        get throws(ClientError) {
            let values = self.headers.filter { $0.name == name }
            guard values.count < 2 else { throw ClientError("header \(name): expected one, found \(values.count)") }
            return values.first?.value
        }
    }

    /// A value of digits alone; `nil` for anything else, and for what is over `Int`.
    static func digits(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
