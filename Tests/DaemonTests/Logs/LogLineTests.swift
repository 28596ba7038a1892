import Foundation
import Logging
import Settings
import Testing

@testable import Daemon

@Suite struct LogLineTests {
    private static let hostile = [
        "a\nlevel=critical msg=forged", "\r", "\u{1B}[2Jgone", "\u{7F}", "\u{9B}31m", "\u{2028}", "\u{202E}evil", "\0",
        "quote\" x=y", "back\\slash", "tab\t", "\u{E0001}",
    ]

    private static func line(_ message: String, _ fields: [(String, String)] = []) -> LogLine {
        LogLine(
            time: "2026-07-01T12:34:56.789Z",
            entry: LogEntry(level: .warning, message: message, fields: fields.map { (key: $0.0, value: $0.1) }))
    }

    private static func text(_ line: LogLine, _ format: LogFormat, coloured: Bool = false) -> String {
        String(decoding: line.bytes(as: format, coloured: coloured), as: UTF8.self)
    }

    @Test func `logfmt quotes what needs it`() {
        let line = Self.line("worker ended", [("end", "exit status 78"), ("pid", "42"), ("empty", ""), ("eq", "a=b")])
        let expected = #"time=2026-07-01T12:34:56.789Z level=warning msg="worker ended" empty="" "#
        #expect(Self.text(line, .logfmt) == expected + "end=\"exit status 78\" eq=\"a=b\" pid=42\n")
    }

    @Test func `JSON is one object a line`() throws {
        let line = Self.line("worker \"ended\"\n", [("end", "exit\u{1B} status"), ("pid", "42")])
        let object = try JSONSerialization.jsonObject(with: Data(line.bytes(as: .json)))
        let expected = [
            "time": "2026-07-01T12:34:56.789Z", "level": "warning", "msg": "worker \"ended\"\n",
            "end": "exit\u{1B} status",
            "pid": "42",
        ]
        #expect(object as? [String: String] == expected)
    }

    @Test func `The readable form is for the eye`() {
        let line = Self.line("worker ended", [("pid", "42")])
        #expect(Self.text(line, .auto) == "12:34:56.789  warning  worker ended  pid=42\n")
        #expect(Self.text(line, .auto, coloured: true).contains("\u{1B}[33m warning\u{1B}[0m"))
    }

    @Test(arguments: hostile, [LogFormat.logfmt, .json, .auto])
    func `No text ends the line, steers the terminal or hides`(text: String, format: LogFormat) {
        let line = Self.text(Self.line(text, [("key \(text)", text)]), format)
        let inner = line.dropLast().unicodeScalars
        #expect(line.hasSuffix("\n"))
        for scalar in inner {
            let category = scalar.properties.generalCategory
            #expect(category != .control && category != .format && category != .lineSeparator)
        }
    }

    @Test func `A forged field stays inside its quotes`() {
        let line = Self.text(Self.line("x\" level=critical msg=\"y", [("a", "\" b=c")]), .logfmt)
        #expect(line.hasSuffix(#"level=warning msg="x\" level=critical msg=\"y" a="\" b=c""# + "\n"))
    }

    @Test(arguments: [LogFormat.logfmt, .json, .auto], ["a", "\u{1}", "ä", "\u{1F600}", "\u{E0001}"])
    func `A line is never longer than a pipe takes at once`(format: LogFormat, character: String) throws {
        let long = String(repeating: character, count: 5000)
        let fields = (0..<100).map { ("\(long)\($0)", long) }
        let bytes = Self.line(long, fields).bytes(as: format, coloured: true)
        #expect(bytes.count <= LogLine.limit)
        #expect(bytes.count > 2000)
        #expect(String(validating: bytes, as: UTF8.self) != nil)
        if format == .json { _ = try JSONSerialization.jsonObject(with: Data(bytes)) }
    }

    @Test(arguments: [(0, 0, "1970-01-01T00:00:00.000Z"), (1_783_168_496, 789_999_999, "2026-07-04T12:34:56.789Z")])
    func `Times are RFC 3339 in UTC`(seconds: Int, nanoseconds: Int, expected: String) {
        #expect(Timestamp.text(of: timespec(tv_sec: seconds, tv_nsec: nanoseconds)) == expected)
    }
}
