/// Durations as Go writes them, in whole numbers: `72h`, `1h30m`, `500ms`; units `ms`, `s`, `m`, `h`, `d`.
enum DurationText {
    /// Reads one or more numbers with their units, added up; nil when malformed or beyond some 290 million years.
    static func parse(_ text: String) -> Duration? {
        var rest = Substring(text)
        var total = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let number = decimal(digits), let scale = Self.milliseconds[String(unit)] else { return nil }
            let (product, isProductOverflow) = number.multipliedReportingOverflow(by: scale)
            let (sum, isSumOverflow) = total.addingReportingOverflow(product)
            guard !isProductOverflow, !isSumOverflow else { return nil }
            total = sum
        }
        return .milliseconds(total)
    }

    private static let milliseconds = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
}
