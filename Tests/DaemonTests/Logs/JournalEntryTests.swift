import Logging
import Testing

@testable import Daemon

@Suite struct JournalEntryTests {
    private static func entry(_ message: String, _ fields: [(String, String)] = []) -> JournalEntry {
        JournalEntry(
            entry: LogEntry(
                level: .warning, message: message, fields: fields.map { (key: $0.0, value: $0.1) },
                file: "Ingress/StreamGate.swift", line: 30, function: "look(at:)"),
            identifier: "whatsapp-ingress")
    }

    @Test func `An entry has the journal's fields, and one for each of its own`() {
        let entry = Self.entry("a job is dead", [("account", "shop"), ("job_id", "shop:7"), ("process", "egress")])
        #expect(
            FakeJournal.fields(of: entry.bytes) == [
                "PRIORITY": "4", "SYSLOG_IDENTIFIER": "whatsapp-ingress", "CODE_FILE": "Ingress/StreamGate.swift",
                "CODE_LINE": "30", "CODE_FUNC": "look(at:)", "MESSAGE": "a job is dead  account=shop  job_id=shop:7",
                "WA_ACCOUNT": "shop", "WA_JOB_ID": "shop:7", "WA_PROCESS": "egress",
            ])
    }

    @Test(arguments: [
        ("account", "WA_ACCOUNT"), ("job_id", "WA_JOB_ID"), ("a-b.c d=e\nf", "WA_A_B_C_D_E_F"), ("ü", "WA___"),
        ("", "WA_"), ("PORT", "WA_PORT"),
    ])
    func `A field's name is one that the journal takes`(key: String, name: String) {
        #expect(JournalEntry.fieldName(key) == name)
    }

    @Test(arguments: ["a\nPRIORITY=0", "\r", "\u{1B}[2J", "\0", "\u{2028}", "\u{202E}", "x\nMESSAGE\n\0\0\0\0\0\0\0\0"])
    func `No text makes a field of its own or steers a terminal`(text: String) {
        let bytes = Self.entry(text, [(text, text), ("account", text)]).bytes
        let fields = FakeJournal.fields(of: bytes)
        #expect(Set(fields.keys).count == 8 && fields["PRIORITY"] == "4" && fields[""] == nil)
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars where scalar != "\n" {
            let category = scalar.properties.generalCategory
            #expect(category != .control && category != .format && category != .lineSeparator)
        }
    }

    @Test(arguments: ["a", "\u{1}", "ä", "\u{1F600}", "\u{E0001}"])
    func `An entry has a bound, and what is left out is told`(character: String) {
        let long = String(repeating: character, count: 5000)
        let entry = JournalEntry(
            entry: LogEntry(
                level: .info, message: long, fields: (0..<100).map { (key: "\($0)\(long)", value: long) }, file: long,
                function: long),
            identifier: long)
        #expect(entry.bytes.count <= JournalEntry.limit && entry.bytes.count > 8192)
        #expect(String(validating: entry.bytes, as: UTF8.self) != nil)
        let fields = FakeJournal.fields(of: entry.bytes)
        #expect(fields["WA_TRUNCATED"] == "true" && fields[""] == nil)
        #expect(fields.keys.allSatisfy { $0.utf8.count <= 64 })
    }
}
