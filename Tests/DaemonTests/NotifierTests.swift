import Foundation
import Synchronization
import Testing

@testable import Daemon

@Suite struct NotifierTests {
    @Test func `Notices go out in order`() {
        let sent = Mutex<[String]>([])
        let notifier = Notifier { notice in sent.withLock { $0.append(notice) } }
        notifier.notReady("waiting for NATS")
        notifier.flush(within: .seconds(5))
        notifier.ready("serving")
        notifier.flush(within: .seconds(5))
        notifier.extendTimeout(by: .seconds(30))
        notifier.flush(within: .seconds(5))
        notifier.stopping("draining")
        notifier.flush(within: .seconds(5))
        #expect(
            sent.withLock { $0 } == [
                "STATUS=waiting for NATS", "READY=1\nSTATUS=serving", "EXTEND_TIMEOUT_USEC=30000000",
                "STOPPING=1\nSTATUS=draining",
            ])
    }

    @Test(arguments: ["x", "ü", "😀"])
    func `A status of any length leaves a notice that systemd takes`(letter: String) {
        let sent = Mutex<[String]>([])
        let notifier = Notifier { notice in sent.withLock { $0.append(notice) } }
        notifier.ready(String(repeating: letter, count: 20_000))
        notifier.flush(within: .seconds(5))
        let notice = sent.withLock { $0 }.joined()
        #expect(notice == "READY=1\nSTATUS=\(String(repeating: letter, count: 1000))")
        #expect(notice.utf8.count < 4096)
    }

    @Test func `A manager that does not read holds nobody up, and misses statuses alone`() {
        let mayRead = DispatchSemaphore(value: 0)
        let isReading = DispatchSemaphore(value: 0)
        let sent = Mutex<[String]>([])
        let notifier = Notifier { notice in
            isReading.signal()
            mayRead.wait()
            sent.withLock { $0.append(notice) }
        }
        notifier.notReady("first")
        isReading.wait()
        notifier.ready("serving")
        for round in 0..<1000 {
            notifier.notReady("away \(round)")
            notifier.extendTimeout(by: .seconds(round))
        }
        notifier.stopping("draining")
        for _ in 0..<2000 { mayRead.signal() }
        notifier.flush(within: .seconds(5))
        let all = sent.withLock { $0 }
        #expect(all.first == "STATUS=first")
        #expect(all.contains("READY=1\nSTATUS=serving"))
        #expect(all.last == "STOPPING=1\nSTATUS=draining")
        #expect(all.count < 100)
    }

    @Test func `A reload says when it began, and a sign of life is one`() throws {
        let sent = Mutex<[String]>([])
        let notifier = Notifier { notice in sent.withLock { $0.append(notice) } }
        notifier.ready("serving")
        notifier.flush(within: .seconds(5))
        let before = monotonicMicroseconds()
        notifier.reloading("reading the configuration")
        notifier.flush(within: .seconds(5))
        notifier.keepAlive()
        notifier.flush(within: .seconds(5))
        let lines = try #require(sent.withLock { $0 }.dropFirst().first).split(separator: "\n")
        try #require(lines.count == 3)
        #expect(lines[0] == "RELOADING=1" && lines[2] == "STATUS=reading the configuration")
        let time = try #require(UInt64(lines[1].dropFirst("MONOTONIC_USEC=".count)))
        #expect((before...monotonicMicroseconds()).contains(time))
        #expect(sent.withLock { $0 }.last == "WATCHDOG=1")
    }

    @Test func `A reload ends with readiness, whatever the status says; before the first readiness it is not told`() {
        let sent = Mutex<[String]>([])
        let notifier = Notifier { notice in sent.withLock { $0.append(notice) } }
        notifier.reloading("reading the configuration")
        notifier.reloaded("waiting for NATS")
        notifier.ready("serving")
        notifier.flush(within: .seconds(5))
        #expect(sent.withLock { $0 } == ["READY=1\nSTATUS=serving"])
        notifier.reloaded("waiting for NATS")
        notifier.flush(within: .seconds(5))
        #expect(sent.withLock { $0.last } == "READY=1\nSTATUS=waiting for NATS")
    }

    @Test func `More time is asked for until the task that asks is cancelled`() async throws {
        let sent = Mutex<[String]>([])
        let notifier = Notifier { notice in sent.withLock { $0.append(notice) } }
        await withDiscardingTaskGroup { group in
            group.addTask { await notifier.keepExtendingTimeout() }
            while sent.withLock({ $0.isEmpty }) { await Task.yield() }
            group.cancelAll()
        }
        notifier.flush(within: .seconds(5))
        #expect(Set(sent.withLock { $0 }) == ["EXTEND_TIMEOUT_USEC=15000000"])
    }

    private func monotonicMicroseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }

    @Test func `A status is one line`() {
        let sent = Mutex<[String]>([])
        let notifier = Notifier { notice in sent.withLock { $0.append(notice) } }
        notifier.notReady("no\nREADY=1\r\n")
        notifier.flush(within: .seconds(5))
        #expect(sent.withLock { $0 } == ["STATUS=no READY=1  "])
    }

    @Test func `Without a manager nothing is sent and nobody waits`() {
        let notifier = Notifier(send: nil)
        notifier.ready("serving")
        notifier.flush(within: .seconds(3600))
    }
}
