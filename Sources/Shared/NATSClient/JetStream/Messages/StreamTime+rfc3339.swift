extension StreamTime {
    /// Reads RFC 3339 with any zone, such as `2026-01-31T09:30:00.123456789+01:00`.
    ///
    /// Digits beyond nanoseconds are cut off; a year that does not fit gives the nearest time there is.
    ///
    /// - Returns: `nil` for anything else, a date without a zone or the 30th of February too.
    package init?(rfc3339 text: String) {
        var scanner = Scanner(text)
        guard
            let year = scanner.number(digits: 4), scanner.take("-"),
            let month = scanner.number(digits: 2), scanner.take("-"),
            let day = scanner.number(digits: 2), scanner.take("T") || scanner.take("t"),
            let hour = scanner.number(digits: 2), scanner.take(":"),
            let minute = scanner.number(digits: 2), scanner.take(":"),
            let second = scanner.number(digits: 2),
            let fraction = scanner.take(".") ? scanner.fraction() : 0,
            let zone = scanner.zone(), scanner.isAtEnd,
            1...12 ~= month, 1...Self.days(inMonth: month, of: year) ~= day,
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = Self.days(before: year, month) + day - 1
        self.init(seconds: days * 86_400 + hour * 3600 + minute * 60 + second - zone, nanoseconds: fraction)
    }

    /// The time in RFC 3339, in UTC, with nanoseconds where it has any: `2026-01-31T08:30:00.123456789Z`.
    package var rfc3339: String {
        var seconds = self.nanoseconds / 1_000_000_000
        var fraction = self.nanoseconds % 1_000_000_000
        if fraction < 0 {
            fraction += 1_000_000_000
            seconds -= 1
        }
        var days = seconds / 86_400
        var second = seconds % 86_400
        if second < 0 {
            second += 86_400
            days -= 1
        }
        let (year, month, day) = Self.date(of: days)
        let date = "\(Self.padded(year, to: 4))-\(Self.padded(month, to: 2))-\(Self.padded(day, to: 2))"
        let time = [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, to: 2) }.joined(separator: ":")
        return "\(date)T\(time)\(fraction == 0 ? "" : "." + Self.padded(fraction, to: 9))Z"
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from the first of January 1970 to the first of a month, in the Gregorian calendar; years begin in March
    /// here, so that the leap day is the last one.
    private static func days(before year: Int, _ month: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let monthsSinceMarch = (month + 9) % 12
        let ofYears = shifted * 365 + floor(shifted, 4) - floor(shifted, 100) + floor(shifted, 400)
        return ofYears + (153 * monthsSinceMarch + 2) / 5 - 719_468
    }

    private static func floor(_ number: Int, _ divisor: Int) -> Int {
        (number - ((number % divisor) + divisor) % divisor) / divisor
    }

    private static func date(of days: Int) -> (year: Int, month: Int, day: Int) {
        var year = 1969 + floor(days, 366)
        while self.days(before: year + 1, 1) <= days { year += 1 }
        var month = 1
        while month < 12, self.days(before: year, month + 1) <= days { month += 1 }
        return (year, month, days - self.days(before: year, month) + 1)
    }

    /// Takes a time's parts off the front of a text.
    private struct Scanner {
        private var rest: Substring.UTF8View

        init(_ text: String) {
            self.rest = text[...].utf8
        }

        var isAtEnd: Bool { self.rest.isEmpty }

        mutating func take(_ letter: Unicode.Scalar) -> Bool {
            guard let first = self.rest.first, UInt32(first) == letter.value else { return false }
            self.rest = self.rest.dropFirst()
            return true
        }

        mutating func digit() -> Int? {
            guard let first = self.rest.first, 0x30...0x39 ~= first else { return nil }
            self.rest = self.rest.dropFirst()
            return Int(first - 0x30)
        }

        mutating func number(digits: Int) -> Int? {
            var number = 0
            for _ in 0..<digits {
                guard let digit = self.digit() else { return nil }
                number = number * 10 + digit
            }
            return number
        }

        /// At least one digit; as nanoseconds.
        mutating func fraction() -> Int? {
            guard var number = self.digit() else { return nil }
            var count = 1
            while let digit = self.digit() {
                guard count < 9 else { continue }
                number = number * 10 + digit
                count += 1
            }
            for _ in count..<9 { number *= 10 }
            return number
        }

        /// What the time is ahead of UTC, in seconds.
        mutating func zone() -> Int? {
            if self.take("Z") || self.take("z") { return 0 }
            let isAhead = self.take("+")
            guard isAhead || self.take("-") else { return nil }
            guard
                let hours = self.number(digits: 2), self.take(":"), let minutes = self.number(digits: 2),
                hours < 24, minutes < 60
            else { return nil }
            return (isAhead ? 1 : -1) * (hours * 3600 + minutes * 60)
        }
    }
}
