import Glibc
import Synchronization
import Testing

@testable import Daemon

@Suite struct ThreadTests {
    @Test func `Whoever joins goes on when the body has returned, however often and late`() async throws {
        let monitor = Monitor()
        let mayEnd = Mutex(false)
        let hasEnded = Atomic(false)
        let thread = try BlockingThread(named: "test") {
            monitor.lock()
            monitor.sleep { !mayEnd.withLock { $0 } }
            monitor.unlock()
            hasEnded.store(true, ordering: .sequentiallyConsistent)
        }
        async let first: Void = thread.join()
        async let second: Void = thread.join()
        let endedEarly = hasEnded.load(ordering: .sequentiallyConsistent)
        #expect(!endedEarly)
        monitor.lock()
        mayEnd.withLock { $0 = true }
        monitor.wake()
        monitor.unlock()
        _ = await (first, second)
        let ended = hasEnded.load(ordering: .sequentiallyConsistent)
        #expect(ended)
        await thread.join()
    }

    @Test func `A thread blocks every signal but those of a crash, and has its name`() async throws {
        let seen = Mutex<(open: [CInt], name: String)>(([], ""))
        let thread = try BlockingThread(named: "a-name") {
            var mask = sigset_t()
            pthread_sigmask(SIG_SETMASK, nil, &mask)
            var name = [UInt8](repeating: 0, count: 16)
            let file = Glibc.open("/proc/thread-self/comm", O_RDONLY)
            let count = max(0, read(file, &name, name.count))
            let text = String(decoding: name.prefix(count), as: UTF8.self)
            close(file)
            // SIGKILL and SIGSTOP cannot be blocked.
            let open = (1..<32).map(CInt.init).filter {
                ![SIGKILL, SIGSTOP].contains($0) && sigismember(&mask, $0) == 0
            }
            seen.withLock { $0 = (open, text) }
        }
        await thread.join()
        let (open, name) = seen.withLock { $0 }
        #expect(Set(open) == [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT])
        #expect(name == "a-name\n")
    }

    @Test func `The starter's own mask stays as it was`() async throws {
        var before = sigset_t()
        var after = sigset_t()
        pthread_sigmask(SIG_SETMASK, nil, &before)
        let thread = try BlockingThread {}
        pthread_sigmask(SIG_SETMASK, nil, &after)
        #expect((1..<32).allSatisfy { sigismember(&before, $0) == sigismember(&after, $0) })
        await thread.join()
    }
}
