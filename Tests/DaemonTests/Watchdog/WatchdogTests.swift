import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Daemon

@Suite struct WatchdogTests {
    /// What a watchdog with a time-out of 3 s has told, and to whom: half of that is more than a busy machine lets a
    /// thread wait.
    private final class Record: Sendable {
        private let notices = Mutex<[String]>([])
        private let log = LogRecord()

        var signs: Int { self.notices.withLock { $0.count { $0 == "WATCHDOG=1" } } }

        func lines(containing text: String) -> Int { self.log.lines.count { $0.contains(text) } }

        func watchdog() -> Watchdog {
            let notifier = Notifier { notice in self.notices.withLock { $0.append(notice) } }
            return Watchdog(notifier: notifier, timeout: .seconds(3), logger: self.log.logger)
        }

        /// Waits until so many more signs of life have come; false when they do not within 30 s.
        func waitsForSigns(_ count: Int = 3) async throws -> Bool {
            let before = self.signs
            return try await self.waits { self.signs >= before + count }
        }

        func waits(until fact: () -> Bool) async throws -> Bool {
            let end = ContinuousClock.now + .seconds(30)
            while !fact() {
                guard ContinuousClock.now < end else { return false }
                try await Task.sleep(for: .milliseconds(10))
            }
            return true
        }
    }

    /// A thread that does what it is told and can be stopped in the middle of it.
    private final class Worker: Sendable {
        let pulse = Pulse()
        private let semaphore = DispatchSemaphore(value: 0)
        private let gate = NSLock()

        init() {
            let (pulse, semaphore, gate) = (self.pulse, self.semaphore, self.gate)
            startThread(named: "worker") {
                while true {
                    semaphore.wait()
                    gate.withLock { pulse.beat() }
                }
            }
        }

        var loop: WorkingLoop {
            WorkingLoop("worker", state: { self.pulse.state }, poke: { self.semaphore.signal() })
        }

        func stick() { self.gate.lock() }
        func goOn() { self.gate.unlock() }
    }

    @Test func `Signs of life come while idle loops come round when they are poked`() async throws {
        let record = Record()
        let watchdog = record.watchdog()
        watchdog.watch([Worker().loop])
        let came = try await watchdog.guarding { try await record.waitsForSigns(5) }
        #expect(came)
        #expect(record.lines(containing: "stands still") == 0)
    }

    @Test func `A loop that is stuck stops the signs of life and is named at error level, and they go on with it`()
        async throws
    {
        let record = Record()
        let worker = Worker()
        let watchdog = record.watchdog()
        watchdog.watch([worker.loop])
        try await watchdog.guarding {
            #expect(try await record.waitsForSigns())
            worker.stick()
            #expect(try await record.waits { record.lines(containing: "stands still") == 1 })
            let signs = record.signs
            try await Task.sleep(for: .seconds(1))
            #expect(record.signs == signs)
            #expect(record.lines(containing: "stands still") == 1)
            #expect(record.lines(containing: "error ") == 1 && record.lines(containing: "worker") == 1)
            worker.goOn()
            #expect(try await record.waitsForSigns())
            #expect(record.lines(containing: "goes on") == 1)
        }
    }

    /// Runs jobs one after another on a thread, and can be stopped between them.
    private final class OneThread: TaskExecutor {
        private let jobs = Mutex<[UnownedJob]>([])
        private let count = DispatchSemaphore(value: 0)
        private let gate = NSLock()

        init() {
            startThread(named: "one-thread") { [self] in
                while true {
                    self.count.wait()
                    let job = self.jobs.withLock { $0.removeFirst() }
                    self.gate.withLock { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
                }
            }
        }

        func stick() { self.gate.lock() }
        func goOn() { self.gate.unlock() }

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            self.jobs.withLock { $0.append(job) }
            self.count.signal()
        }
    }

    @Test func `A pool of threads that runs no task stops the signs of life`() async throws {
        let record = Record()
        let pool = OneThread()
        let watchdog = record.watchdog()
        let end = Termination()
        // Everything that the watchdog has run as a task is the pool's; what looks at it here is not.
        async let guarded: Void = withTaskExecutorPreference(pool) {
            try await watchdog.guarding { await end.requested() }
        }
        #expect(try await record.waitsForSigns())
        pool.stick()
        #expect(try await record.waits { record.lines(containing: "task-pool") == 1 })
        let signs = record.signs
        try await Task.sleep(for: .seconds(1))
        #expect(record.signs == signs)
        pool.goOn()
        #expect(try await record.waitsForSigns())
        end.request()
        try await guarded
    }

    @Test func `A call that rests is no standstill, one that does not end is`() async throws {
        let record = Record()
        let calls = CallPulse()
        let watchdog = record.watchdog()
        watchdog.watch([WorkingLoop("calls", state: { calls.state })])
        let mayEnd = DispatchSemaphore(value: 0)
        try await watchdog.guarding { () async throws in
            calls.during {}
            #expect(try await record.waitsForSigns())
            startThread { calls.during { mayEnd.wait() } }
            #expect(try await record.waits { record.lines(containing: "stands still") == 1 })
            mayEnd.signal()
            #expect(try await record.waitsForSigns())
        }
    }

    @Test func `What may take long is excused while it does`() {
        let pulse = Pulse()
        #expect(pulse.state == .beats(0))
        pulse.excused { #expect(pulse.state == .excused) }
        pulse.beat()
        #expect(pulse.state == .beats(1))
    }

    @Test func `Where nobody watches nothing is told, and what the body throws or returns comes through`() async throws
    {
        let notices = Mutex(0)
        let notifier = Notifier { _ in notices.withLock { $0 += 1 } }
        let watchdog = Watchdog(notifier: notifier, timeout: nil, logger: Logger(label: "test"))
        #expect(try await watchdog.guarding { 7 } == 7)
        await #expect(throws: CancellationError.self) {
            try await watchdog.guarding { () async throws -> Int in throw CancellationError() }
        }
        #expect(notices.withLock { $0 } == 0)
    }
}
