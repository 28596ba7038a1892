import NATSClient

extension StreamTime {
    /// Reads a time as `Wa-Expires` has it: RFC 3339 with a zone, or digits alone, which are Unix seconds.
    ///
    /// - Returns: `nil` for anything else.
    init?(instant text: String) {
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            guard let seconds = Int(text) else { return nil }
            self.init(seconds: seconds)
        } else {
            self.init(rfc3339: text)
        }
    }
}
