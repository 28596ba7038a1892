import CCurl

/// Reads the header `Retry-After` of RFC 9110: seconds, or a date in any of HTTP's three forms.
enum RetryAfter {
    /// Whatever a server asks for, nobody waits longer than a day before asking again.
    static let longest = Duration.seconds(86_400)

    /// - Parameters:
    ///   - value: the header's value, from outside.
    ///   - now: seconds since 1970, which a date is compared with.
    /// - Returns: zero for a date gone by, at most a day; `nil` if the value is neither form.
    static func duration(_ value: String, now: Int) -> Duration? {
        let text = value.trimmingBlanks
        guard let first = text.utf8.first, text.utf8.count <= 64 else { return nil }

        if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
            guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
            // Digits that do not fit an Int are a very long time too.
            return Int(text).map { min(.seconds($0), self.longest) } ?? self.longest
        }
        guard text.utf8.contains(UInt8(ascii: ":")) else { return nil }
        let date = curl_getdate(String(text), nil)
        guard date >= 0 else { return nil }
        return min(.seconds(max(0, date - now)), self.longest)
    }
}

extension String {
    /// The text without blanks and tabs at its ends, as HTTP reads a field's value.
    fileprivate var trimmingBlanks: Substring {
        var text = self[...]
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
