import Logging
import NIOPosix
import Synchronization
import Testing

@testable import Ingress

@Suite struct RefusalLogTests {
    @Test func `Many refusals make one warning, which says how many and nothing else`() throws {
        let lines = LoggedLines()
        let log = RefusalLog("webhooks refused", logger: Logger(label: "test") { _ in lines })
        for _ in 0..<100 { log.refused(on: MultiThreadedEventLoopGroup.singleton.any()) }
        #expect(lines.all == ["warning webhooks refused [\"count\": 1]"])
    }
}

/// Keeps what is logged.
struct LoggedLines: LogHandler {
    private final class Lines: Sendable {
        let lines = Mutex<[String]>([])
    }

    private let kept = Lines()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    var all: [String] { self.kept.lines.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let line = "\(event.level) \(event.message) \(event.metadata ?? [:])"
        self.kept.lines.withLock { $0.append(line) }
    }
}
