import NATSClient
import Testing

@testable import Egress

@Suite struct DeadLetterTableTests {
    private static func letter(
        _ sequence: UInt64, job: String, code: Int = 131_026, error: String = "Message undeliverable"
    ) throws -> KeptDeadLetter {
        let made = DeadLetter(
            account: try DeadLetterTests.letter().account, action: "sendMessage", payload: [], headers: [], jobID: job,
            reason: .refused, error: error, code: code, attempts: 1, streamSequence: 1,
            storedAt: StreamTime(seconds: 0))
        return try KeptDeadLetterTests.letter(
            sequence: sequence, headers: made.message(atMost: 1 << 20).headers,
            storedAt: StreamTime(seconds: 1_769_851_800, nanoseconds: 123_456_789))
    }

    @Test func `Columns are aligned, numbers at their end`() throws {
        var table = DeadLetterTable()
        table.add(try Self.letter(9, job: "shop:1", code: 4))
        table.add(try Self.letter(10, job: "shop:order-17"))
        #expect(
            table.takeLines() == [
                "SEQUENCE  STORED                ACTION       JOB ID         ATTEMPTS    CODE  REASON   ERROR",
                "       9  2026-01-31T09:30:00Z  sendMessage  shop:1                1       4  refused  "
                    + "Message undeliverable",
                "      10  2026-01-31T09:30:00Z  sendMessage  shop:order-17         1  131026  refused  "
                    + "Message undeliverable",
            ])
    }

    @Test func `A later block has no titles, and columns as wide as before or wider`() throws {
        var table = DeadLetterTable()
        table.add(try Self.letter(1, job: "shop:order-17"))
        _ = table.takeLines()
        table.add(try Self.letter(2, job: "shop:1"))
        let second = table.takeLines()
        #expect(second.count == 1 && second[0].contains("  shop:1                1  131026"))
        table.add(try Self.letter(3, job: "shop:order-number-18"))
        #expect(table.takeLines()[0].contains("  shop:order-number-18         1  131026"))
        #expect(table.takeLines().isEmpty)
    }

    @Test func `What a letter lacks is a dash`() throws {
        var table = DeadLetterTable()
        table.add(try KeptDeadLetterTests.letter(action: "raw"))
        #expect(table.takeLines()[1].split(separator: " ").suffix(6) == ["raw", "-", "-", "-", "-", "-"])
    }

    @Test func `Nothing in a letter steers the terminal or makes a line of its own`() throws {
        var table = DeadLetterTable()
        let hostile = "\u{1B}[2J\n\r\u{9B}31m\u{202E}x" + String(repeating: "y", count: 500)
        table.add(try Self.letter(1, job: hostile, error: hostile))
        table.add(
            try KeptDeadLetterTests.letter(
                action: "raw\u{7F}",
                headers: [NATSHeader("Wa-Reason", "\u{1B}[31m" + String(repeating: "z", count: 999))]))
        let lines = table.takeLines()
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
        #expect(lines.allSatisfy { $0.utf8.count < 1200 })
    }
}
