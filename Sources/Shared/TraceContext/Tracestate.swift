/// The header beside `traceparent` in which tracers keep what is theirs (W3C Trace Context).
enum Tracestate {
    /// Up to here everyone has to pass it on (W3C); a longer one is left out.
    static let maximumLength = 512

    /// Whether a `tracestate` is one: up to 32 members `<key>=<value>`, separated by commas, no key twice.
    static func isValid(_ tracestate: String) -> Bool {
        let bytes = tracestate.utf8
        guard !bytes.isEmpty, bytes.count <= self.maximumLength else { return false }
        var keys: [Substring.UTF8View] = []
        for member in bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let member = self.trimmed(member)
            // Empty members are legal, and mean nothing.
            if member.isEmpty { continue }
            guard let equals = member.firstIndex(of: UInt8(ascii: "=")) else { return false }
            let (key, value) = (member[..<equals], member[member.index(after: equals)...])
            guard self.isKey(key), self.isValue(value), keys.count < 32 else { return false }
            guard !keys.contains(where: { $0.elementsEqual(key) }) else { return false }
            keys.append(key)
        }
        return !keys.isEmpty
    }

    private static func trimmed(_ member: Substring.UTF8View) -> Substring.UTF8View {
        var member = member.drop(while: self.isBlank)
        while member.last.map(self.isBlank) ?? false { member.removeLast() }
        return member
    }

    /// Lower-case letters, digits and `_-*/@`, the first of them a letter or digit.
    private static func isKey(_ key: Substring.UTF8View) -> Bool {
        guard let first = key.first, key.count <= 256, self.isLetterOrDigit(first) else { return false }
        return key.allSatisfy { self.isLetterOrDigit($0) || "_-*/@".utf8.contains($0) }
    }

    /// Printable ASCII without `,` and `=`.
    private static func isValue(_ value: Substring.UTF8View) -> Bool {
        guard !value.isEmpty, value.count <= 256 else { return false }
        return value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }
}
