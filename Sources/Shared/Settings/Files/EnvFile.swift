/// The grammar of env files: `NAME=VALUE` lines.
///
/// - Lines end with LF or CR LF. Blank lines and lines that start with `#` are skipped.
/// - `export ` may stand before the name, which matches `[A-Za-z_][A-Za-z0-9_-]*`.
/// - The value is the rest of the line as it is, but for one pair of single or double quotes around the whole of it.
///   There are no escapes, no expansion, no comments behind a value and no continued lines.
package enum EnvFile {
    /// Reads a file's bytes; a name that stands twice comes twice, in the order of the file.
    ///
    /// A problem names the file and the line and quotes nothing, since a malformed line may hold a secret.
    package static func parse(
        _ bytes: [UInt8], path: String
    ) -> (variables: [(name: String, value: String)], problems: [SettingsProblem]) {
        var variables: [(name: String, value: String)] = []
        var malformed: [Int] = []
        for (index, bytes) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        {
            let line = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
            if line.first == UInt8(ascii: "#") || line.allSatisfy(Self.isBlank) { continue }
            if let variable = Self.variable(line) {
                variables.append(variable)
            } else {
                malformed.append(index + 1)
            }
        }
        return (variables, Self.problems(malformed, path: path))
    }

    /// The most malformed lines that are named one by one: a binary file taken for an env file has thousands.
    private static let mostNamed = 20

    private static func problems(_ lines: [Int], path: String) -> [SettingsProblem] {
        var problems = lines.prefix(Self.mostNamed).map { line in
            SettingsProblem(
                variable: "\(path):\(line)", message: "expected NAME=VALUE, a blank line, or a line starting with #")
        }
        let unnamed = lines.dropFirst(Self.mostNamed).count
        if unnamed > 0 {
            problems.append(SettingsProblem(variable: path, message: "has \(unnamed) more malformed lines"))
        }
        return problems
    }

    private static func variable(_ line: ArraySlice<UInt8>) -> (name: String, value: String)? {
        let line = line.starts(with: "export ".utf8) ? line.dropFirst("export ".utf8.count) : line
        guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = line[..<equals]
        guard let first = name.first, !Self.isDigit(first), first != UInt8(ascii: "-") else { return nil }
        guard name.allSatisfy({ Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "-") }) else { return nil }
        // An environment cannot hold a zero byte.
        guard !line.contains(0) else { return nil }
        guard let value = String(validating: Self.unquoted(line[(equals + 1)...]), as: UTF8.self) else { return nil }
        return (String(decoding: name, as: UTF8.self), value)
    }

    private static func unquoted(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard value.count >= 2, let quote = value.first, quote == value.last else { return value }
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return value }
        return value.dropFirst().dropLast()
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
