/// The first of many texts, for a line that somebody reads: `a, b, c and 122 more`.
package struct ShortList: CustomStringConvertible {
    private let texts: [String]
    private let limit: Int
    private let separator: String

    /// - Parameter limit: how many are named at most.
    package init(_ texts: [String], limit: Int = 8, separator: String = ", ") {
        self.texts = texts
        self.limit = limit
        self.separator = separator
    }

    package var description: String {
        let named = self.texts.prefix(self.limit).joined(separator: self.separator)
        let rest = self.texts.count - self.limit
        return rest > 0 ? "\(named) and \(rest) more" : named
    }
}
