extension ValueForm<Int> {
    /// A whole number in decimal digits, without a sign.
    package static func integer(in range: ClosedRange<Int>) -> Self {
        Self(expected: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            decimal(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A number of bytes: digits, and one of `K`, `M`, `G`, `T` behind them (or `KiB` …), each 1024 times the one before.
    static func byteCount(atLeast least: Int) -> Self {
        let expected = "a number of bytes, at least \(least), such as 1073741824, 1G or 1GiB"
        return Self(expected: expected) { text in
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            let shifts = ["": 0, "K": 10, "M": 20, "G": 30, "T": 40, "KiB": 10, "MiB": 20, "GiB": 30, "TiB": 40]
            guard let number = decimal(digits), let shift = shifts[String(text.dropFirst(digits.count))] else {
                return nil
            }
            let (count, isOverflow) = number.multipliedReportingOverflow(by: 1 << shift)
            return !isOverflow && count >= least ? count : nil
        }
    }
}

extension ValueForm<Duration> {
    /// A whole number of milliseconds.
    static func milliseconds(in range: ClosedRange<Int>) -> Self {
        let expected = "milliseconds, a whole number from \(range.lowerBound) to \(range.upperBound)"
        return Self(expected: expected) { text in
            decimal(text).flatMap { range.contains($0) ? .milliseconds($0) : nil }
        }
    }

    /// Milliseconds as above, or 0 for never.
    static func millisecondsOrOff(in range: ClosedRange<Int>) -> ValueForm<Duration?> {
        let form = Self.milliseconds(in: range)
        return ValueForm<Duration?>(expected: "0, or \(form.expected)") { text in
            decimal(text) == 0 ? .some(nil) : form.parse(text).map(Optional.some)
        }
    }

    /// A duration with units; the bounds are given in the same words.
    static func duration(from shortest: String, to longest: String) -> Self {
        let expected = "a duration from \(shortest) to \(longest), such as 72h, 1h30m or 500ms"
        return Self(expected: expected) { text in
            guard let duration = DurationText.parse(text), let shortest = DurationText.parse(shortest),
                let longest = DurationText.parse(longest)
            else { return nil }
            return (shortest...longest).contains(duration) ? duration : nil
        }
    }
}

/// ASCII digits as a number; nil for anything else and for what is too large for `Int`.
func decimal(_ digits: some StringProtocol) -> Int? {
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
        return nil
    }
    return Int(digits)
}
