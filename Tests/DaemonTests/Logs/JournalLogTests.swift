import Glibc
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Daemon

@Suite struct JournalLogTests {
    private static func entry(_ message: String) -> LogEntry {
        LogEntry(level: .info, message: message, fields: [("account", "shop")])
    }

    /// What goes to stderr for want of a journal.
    private final class Lines: LogOutlet {
        private let written = Mutex<[String]>([])

        var all: [String] { self.written.withLock { $0 } }

        func take(_ bytes: [UInt8], waits: Bool) -> LogTaking {
            self.written.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
            return .taken
        }
    }

    private static func log(to socket: JournalSocket, lines: Lines = Lines()) -> JournalLog {
        JournalLog(
            socket, program: "whatsapp-egress", fields: [("process", "egress")],
            lines: LogSink(lines) { Array($0.message.utf8) })
    }

    @Test func `An entry comes to the journal with its fields, and not to stderr`() throws {
        let journal = try FakeJournal()
        let lines = Lines()
        Self.log(to: JournalSocket(path: journal.path), lines: lines).write(Self.entry("hello"))
        let entries = journal.entries()
        #expect(entries.count == 1)
        #expect(entries[0]["MESSAGE"] == "hello  account=shop" && entries[0]["WA_ACCOUNT"] == "shop")
        #expect(entries[0]["CODE_FILE"] == "DaemonTests/JournalLogTests.swift")
        #expect(lines.all.isEmpty)
    }

    @Test func `Without a journal entries go to stderr, and that is told once`() throws {
        let folder = try TemporaryFolder()
        let lines = Lines()
        let log = Self.log(to: JournalSocket(path: "\(folder.path)/socket"), lines: lines)
        log.write(Self.entry("one"))
        log.write(Self.entry("two"))
        let written = lines.all
        #expect(written.count == 3 && written[0].contains("/run/systemd/journal/socket"))
        #expect(written.dropFirst() == ["one", "two"])
    }

    @Test func `A journal that comes back gets entries again`() throws {
        let folder = try TemporaryFolder()
        let lines = Lines()
        var journal: FakeJournal? = try FakeJournal()
        let path = try #require(journal?.path)
        let log = Self.log(to: JournalSocket(path: path), lines: lines)
        log.write(Self.entry("one"))
        let kept = "\(folder.path)/kept"
        #expect(rename(path, kept) == 0)
        log.write(Self.entry("two"))
        #expect(rename(kept, path) == 0)
        log.write(Self.entry("three"))
        #expect(journal?.entries().map { $0["MESSAGE"] } == ["one  account=shop", "three  account=shop"])
        #expect(lines.all.last == "two")
        journal = nil
    }

    @Test func `A journal that stands still holds nobody for long, and what was lost is told`() throws {
        let journal = try FakeJournal()
        let log = Self.log(to: JournalSocket(path: journal.path, patience: .milliseconds(100)))
        let began = ContinuousClock.now
        // The queue of such a socket holds 10, on some systems 512.
        for number in 0..<2000 { log.write(Self.entry("entry \(number)")) }
        let took = began.duration(to: .now)
        #expect(took >= .milliseconds(100))
        #expect(took < .seconds(10))
        let kept = journal.entries()
        #expect(kept.count < 2000 && kept.count > 0)
        #expect(kept.enumerated().allSatisfy { $1["MESSAGE"] == "entry \($0)  account=shop" })
        log.write(Self.entry("after"))
        let after = journal.entries()
        #expect(after.count == 2 && after[0]["MESSAGE"] == "after  account=shop")
        #expect(after[1]["WA_LOST"] == "\(2000 - kept.count)" && after[1]["PRIORITY"] == "4")
        #expect(after[1]["WA_PROCESS"] == "egress")
        log.write(Self.entry("later"))
        #expect(journal.entries().count == 1)
    }
}
