import Logging
import Synchronization
import Testing

@testable import Daemon

@Suite struct EntryLogHandlerTests {
    private static func entries(
        level: Logger.Level = .info, metadata: Logger.Metadata = [:], _ use: (Logger) -> Void
    ) -> [LogEntry] {
        let entries = Mutex<[LogEntry]>([])
        let handler = EntryLogHandler(level: level, metadata: metadata) { entry in
            entries.withLock { $0.append(entry) }
        }
        use(Logger(label: "test") { _ in handler })
        return entries.withLock { $0 }
    }

    @Test func `Fields are sorted, and those of the entry win`() {
        let entries = Self.entries(metadata: ["process": "egress", "b": "handler"]) { logger in
            var logger = logger
            logger[metadataKey: "a"] = "1"
            logger.info("hello", metadata: ["b": "entry", "list": ["x", "y"]])
        }
        #expect(entries[0].fields.map(\.key) == ["a", "b", "list", "process"])
        #expect(entries[0].fields.map(\.value) == ["1", "entry", #"["x", "y"]"#, "egress"])
    }

    @Test func `What is below the level is left out`() {
        let entries = Self.entries(level: .notice) { logger in
            logger.info("unheard")
            logger.notice("heard")
        }
        #expect(entries.map(\.message) == ["heard"])
    }

    @Test func `An entry knows where it was made`() {
        let entries = Self.entries { $0.warning("here") }
        let function = #function
        #expect(entries[0].file == "DaemonTests/EntryLogHandlerTests.swift")
        #expect(entries[0].function == function)
        #expect(entries[0].line == #line - 4)
    }

    @Test(arguments: zip(Logger.Level.allCases, [7, 7, 6, 5, 4, 3, 2]))
    func `A level has the priority of syslog`(level: Logger.Level, priority: Int) {
        #expect(level.priority == priority)
    }
}
