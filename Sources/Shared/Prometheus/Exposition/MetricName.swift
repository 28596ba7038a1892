/// Names as the format allows them.
enum MetricName {
    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`; every other character becomes `_`.
    static func family(_ name: String) -> String {
        Self.clean(name) { Self.isWord($0) || $0 == ":" }
    }

    /// `[a-zA-Z_][a-zA-Z0-9_]*`, and none that is kept for Prometheus: `le` and what begins with two underscores.
    static func label(_ name: String) -> String {
        var name = Self.clean(name, where: Self.isWord)
        while name.hasPrefix("__") { name.removeFirst() }
        return name == "le" ? "le_" : name
    }

    private static func clean(_ name: String, where isAllowed: (Unicode.Scalar) -> Bool) -> String {
        var clean = String.UnicodeScalarView(name.unicodeScalars.map { isAllowed($0) ? $0 : "_" })
        if clean.first.map({ ("0"..."9").contains($0) }) ?? true { clean.insert("_", at: clean.startIndex) }
        return String(clean)
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }
}
