import Daemon
import NIOCore
import Settings
import TestSupport
import Testing

@testable import Admin

/// Pages that may take their time.
@Suite struct AdminPageTests {
    /// A page that is made when a test says so.
    private final class Workshop: Sendable {
        let asked = Watched(0)
        let cancelled = Watched(0)
        private let isOpen = Watched(false)

        func open() { self.isOpen.update { $0 = true } }

        var page: AdminPage {
            .metrics {
                self.asked.update { $0 += 1 }
                do {
                    _ = try await self.isOpen.first(within: .seconds(60), what: "the test's word") { $0 ? true : nil }
                } catch {
                    self.cancelled.update { $0 += 1 }
                }
                return Array("up 1\n".utf8)
            }
        }
    }

    private static func limits(_ change: (inout AdminLimits) -> Void) -> AdminLimits {
        var limits = AdminBench.patientLimits
        change(&limits)
        return limits
    }

    @Test(arguments: [true, false]) func `Metrics are served, to GET and HEAD`(overTCP: Bool) async throws {
        try await AdminBench.running(overTCP: overTCP, pages: [.metrics { Array("up 1\n".utf8) }]) { bench in
            let get = try await bench.answer("/metrics?x=1")
            #expect(get.status == 200 && get.text == "up 1\n")
            #expect(get[header: "Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            let head = try await bench.answer("/metrics", "HEAD")
            #expect(head.status == 200 && head.body.isEmpty && head[header: "Content-Length"] == "5")
            #expect(try await bench.answer("/metrics", "POST").status == 405)
            #expect(try await bench.answer("/metrics/").text == "not found; there are /health, /ready, /metrics\n")
        }
    }

    @Test func `A page that takes its time holds nobody up`() async throws {
        let workshop = Workshop()
        try await AdminBench.running(pages: [workshop.page]) { bench in
            async let slow = bench.answer("/metrics")
            _ = try await workshop.asked.first(what: "the question") { $0 > 0 ? true : nil }
            for _ in 0..<20 { #expect(try await bench.answer("/health").status == 200) }
            workshop.open()
            #expect(try await slow.text == "up 1\n")
        }
    }

    @Test func `A page that takes too long is answered 503, and its making is cancelled`() async throws {
        let workshop = Workshop()
        try await AdminBench.running(
            limits: Self.limits { $0.pageTime = .milliseconds(100) }, pages: [workshop.page]
        ) { bench in
            let answer = try await bench.answer("/metrics")
            #expect(answer.status == 503 && answer.text == "the page took too long\n")
            _ = try await workshop.cancelled.first(what: "the cancellation") { $0 > 0 ? true : nil }
            workshop.open()
            #expect(try await bench.answer("/metrics").status == 200)
        }
    }

    @Test func `More pages than may be made at once are refused, also when those who asked have gone`() async throws {
        let workshop = Workshop()
        try await AdminBench.running(limits: Self.limits { $0.pages = 3 }, pages: [workshop.page]) { bench in
            for _ in 0..<3 {
                let connection = try await bench.connect()
                try await connection.send(PlainHTTP.request("GET", "/metrics"))
                await connection.close()
            }
            _ = try await workshop.asked.first(what: "three questions") { $0 == 3 ? true : nil }
            let refused = try await bench.answer("/metrics")
            #expect(refused.status == 503 && refused.text == "too many pages are being made\n")
            #expect(try await bench.answer("/ready").status == 200)
            workshop.open()
            try await eventually("a page is made again") { try await bench.answer("/metrics").status == 200 }
        }
    }

    @Test func `A client that has said all may wait for its page`() async throws {
        let workshop = Workshop()
        try await AdminBench.running(pages: [workshop.page]) { bench in
            let connection = try await bench.connect()
            try await connection.send(PlainHTTP.request("GET", "/metrics") + Array("\u{0}nonsense\r\n\r\n".utf8))
            try await connection.finishSending()
            _ = try await workshop.asked.first(what: "the question") { $0 > 0 ? true : nil }
            workshop.open()
            #expect(try await connection.reply().text == "up 1\n")
        }
    }

    @Test func `A server that is closed waits for no page`() async throws {
        let workshop = Workshop()
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/admin.sock"
        let server = try await AdminServer.start(
            at: .unix(path: path),
            showing: AdminPages(readiness: { ReadinessReport([], service: "") }, pages: [workshop.page]),
            limits: AdminBench.patientLimits)
        async let running: Void = server.run()
        let connection = try await RawConnection.connect(unixSocket: path)
        try await connection.send(PlainHTTP.request("GET", "/metrics"))
        _ = try await workshop.asked.first(what: "the question") { $0 > 0 ? true : nil }
        await server.close()
        _ = try await connection.end()
        await running
        #expect(workshop.cancelled.current == 1)
    }

    @Test func `A page of megabytes comes whole`() async throws {
        let page = [UInt8](repeating: UInt8(ascii: "x"), count: 5 << 20)
        try await AdminBench.running(pages: [.metrics { page }]) { bench in
            let answer = try await bench.answer("/metrics")
            #expect(answer.body.count == page.count)
        }
    }
}
