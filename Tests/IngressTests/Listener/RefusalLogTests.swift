import NIOPosix
import TestSupport
import Testing

@testable import Ingress

@Suite struct RefusalLogTests {
    @Test func `Many refusals make one warning, which says how many and nothing else`() throws {
        let record = LogRecord()
        let log = RefusalLog("webhooks refused", logger: record.logger)
        for _ in 0..<100 { log.refused(on: MultiThreadedEventLoopGroup.singleton.any()) }
        #expect(record.lines == ["warning webhooks refused [\"count\": 1]"])
    }
}
