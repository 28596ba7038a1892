/// Bytes for a log line from text that may be hostile: nothing in it can end the line, forge another or steer a
/// terminal.
struct LogText {
    /// How a value stands in its line.
    enum Quoting {
        /// As it is when it has no blank, quote, `=` or escape in it; else in double quotes.
        case whereNeeded
        /// Always in double quotes, as a JSON string.
        case always
        /// Never in quotes: for a human's eye.
        case never
    }

    private static let hex = Array("0123456789abcdef".utf8)
    private static let ellipsis = Array("…".utf8)

    /// Appends `text`, escaped, in at most `limit` bytes and some for quotes and the sign of a cut.
    static func append(_ text: String, to line: inout [UInt8], limit: Int, quoting: Quoting) {
        let start = line.count
        var needsQuotes = text.isEmpty
        if quoting != .never { line.append(UInt8(ascii: "\"")) }
        let textStart = line.count
        for scalar in text.unicodeScalars {
            guard line.count - textStart < limit else {
                line += self.ellipsis
                needsQuotes = true
                break
            }
            needsQuotes = self.append(scalar, to: &line, quoting: quoting) || needsQuotes
        }
        switch quoting {
        case .never: break
        case .whereNeeded where !needsQuotes: line.remove(at: start)
        case .always, .whereNeeded: line.append(UInt8(ascii: "\""))
        }
    }

    /// - Returns: whether a value with this scalar in it needs quotes.
    private static func append(_ scalar: Unicode.Scalar, to line: inout [UInt8], quoting: Quoting) -> Bool {
        switch scalar {
        case "\"" where quoting != .never, "\\":
            line += [UInt8(ascii: "\\"), UInt8(scalar.value)]
            return true
        case "\n": line += "\\n".utf8
        case "\r": line += "\\r".utf8
        case "\t": line += "\\t".utf8
        case " ", "=":
            line.append(UInt8(scalar.value))
            return true
        case "!"..."~":
            line.append(UInt8(scalar.value))
            return false
        default:
            guard self.isInvisible(scalar) else {
                line += Array(String(scalar).utf8)
                return true
            }
            self.appendEscape(scalar, to: &line)
        }
        return true
    }

    /// Control characters, line separators, and those that reorder or hide what stands beside them.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// `\u` and four hex digits, for what lies beyond them a surrogate pair, as JSON has it.
    private static func appendEscape(_ scalar: Unicode.Scalar, to line: inout [UInt8]) {
        for unit in String(scalar).utf16 {
            line += "\\u".utf8
            for shift in [12, 8, 4, 0] { line.append(self.hex[Int(unit >> UInt16(shift)) & 0xF]) }
        }
    }
}
