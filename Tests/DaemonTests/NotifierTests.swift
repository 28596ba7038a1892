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
