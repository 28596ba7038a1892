import Foundation
import Testing

/// What the sources give to loggers, read as text: a habit that no type can hold.
@Suite struct LoggerCallTests {
    @Test func `Every warning and every error says, behind a semicolon, what to do`() throws {
        let calls = try SourceText.all.flatMap(\.complaints)
        #expect(calls.count > 40)
        let mute = calls.filter { !$0.text.contains("; ") && !$0.isForeign }
        #expect(mute.map { "\($0.file): \($0.text)" } == [])
    }

    @Test func `Every key of a field is in the table of docs/operations.md, and every row is used`() throws {
        let used = try Set(SourceText.all.flatMap(\.keys))
        #expect(used.count > 30)
        let page = try SourceText.read("docs/operations.md")
        let documented = Set(
            page.split(separator: "\n").compactMap { line in
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: [" ", "`"]) }
                return cells.count > 1 && cells[1] == "WA_\(cells[0].uppercased())" ? cells[0] : nil
            })
        #expect(used.subtracting(documented).sorted() == [], "without a row")
        #expect(documented.subtracting(used).sorted() == [], "in no source")
        #expect(used.filter { !$0.allSatisfy { $0 == "_" || ("a"..."z").contains($0) } } == [], "no snake_case")
    }
}

/// A file of Sources.
private struct SourceText {
    struct Message {
        let file: String
        let text: String

        /// Whether all of it is put in: what it says is in the value.
        var isForeign: Bool { self.text.hasPrefix("\\(") && self.text.hasSuffix(")") }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")

    static var all: [SourceText] {
        get throws {
            let folder = self.root.appending(path: "Sources")
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            return try (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }.map { url in
                SourceText(file: url.lastPathComponent, text: try String(contentsOf: url, encoding: .utf8))
            }
        }
    }

    static func read(_ path: String) throws -> String {
        try String(contentsOf: self.root.appending(path: path), encoding: .utf8)
    }

    let file: String
    let text: String

    /// Keys of fields: with a value that is put in, or set by themselves.
    var keys: [String] {
        [
            #""([A-Za-z_]+)": "\\\("#, #"(?:metadata\[|metadataKey: )"([A-Za-z_]+)""#,
            #"LogOutput\.bootstrap\(.*\["([A-Za-z_]+)": "#, #"fields \+ \[\("([A-Za-z_]+)", "#,
        ].flatMap(self.firstGroups(of:)).filter { $0 != "WATCHDOG_USEC" }
    }

    /// The messages of warnings and worse, where they stand in the call, or where they are given to what logs them.
    var complaints: [Message] {
        ["ogger.warning(", "ogger.error(", "ogger.critical(", ").warning(", ").error(", "RefusalLog(", "Complaints("]
            .flatMap { self.text.components(separatedBy: $0).dropFirst() }
            .compactMap(Self.message)
            .map { Message(file: self.file, text: $0) }
    }

    /// The literal with which the rest of a call begins, without its quotes; nil where another value stands there.
    private static func message(of rest: String) -> String? {
        let rest = rest.drop { $0.isWhitespace }
        let long = "\"\"\""
        if rest.hasPrefix(long) { return rest.components(separatedBy: long)[1] }
        return rest.first == "\"" ? self.literal(rest.dropFirst()) : nil
    }

    private func firstGroups(of pattern: String) -> [String] {
        let text = self.text as NSString
        let matches = (try? NSRegularExpression(pattern: pattern))?
            .matches(in: self.text, range: NSRange(location: 0, length: text.length))
        return (matches ?? []).map { text.substring(with: $0.range(at: 1)) }
    }

    /// Up to the quote that ends a literal of one line; what is put in may hold literals of its own.
    private static func literal(_ text: Substring) -> String {
        var depth = 0
        var isEscaped = false
        var literal = ""
        for character in text {
            if isEscaped {
                if character == "(" { depth += 1 }
                isEscaped = false
            } else if depth > 0 {
                depth += character == "(" ? 1 : character == ")" ? -1 : 0
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                break
            }
            literal.append(character)
        }
        return literal
    }
}
