import Glibc

/// Notices on their way to the service manager, in order; a thread that may block takes them out.
///
/// `@unchecked Sendable`: everything mutable is touched under `lock` alone, a pthread mutex, because a thread must be
/// able to wait for a change, which `Mutex` does not offer.
final class NoticeOutbox: @unchecked Sendable {
    /// More than a manager that reads will ever leave waiting.
    private static let capacity = 64

    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [String] = []
    private var isBusy = false
    private var isClosed = false

    init() {
        pthread_mutex_init(self.lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(self.changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(self.changed)
        pthread_mutex_destroy(self.lock)
        self.changed.deallocate()
        self.lock.deallocate()
    }

    /// Puts a notice behind the others; one that the next of its kind makes pointless is left out.
    func post(_ notice: String) {
        self.locked {
            if let last = self.waiting.last, Self.kind(last) == Self.kind(notice) {
                self.waiting.removeLast()
            } else if self.waiting.count >= Self.capacity {
                // The manager has not read for long: what it misses most is readiness and the end, so drop a status.
                self.waiting.remove(at: self.waiting.firstIndex { !$0.contains("=1\n") } ?? 0)
            }
            self.waiting.append(notice)
        }
    }

    /// The next notice, waited for; nil once closed and empty.
    func next() -> String? {
        self.locked {
            self.isBusy = false
            pthread_cond_broadcast(self.changed)
            while self.waiting.isEmpty, !self.isClosed { pthread_cond_wait(self.changed, self.lock) }
            guard !self.waiting.isEmpty else { return nil }
            self.isBusy = true
            return self.waiting.removeFirst()
        }
    }

    func close() {
        self.locked { self.isClosed = true }
    }

    func waitUntilEmpty(within time: Duration) {
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        end.tv_sec += Int(time.components.seconds)
        end.tv_nsec += Int(time.components.attoseconds / 1_000_000_000)
        if end.tv_nsec >= 1_000_000_000 {
            end.tv_sec += 1
            end.tv_nsec -= 1_000_000_000
        }
        self.locked {
            while self.isBusy || !self.waiting.isEmpty {
                guard pthread_cond_timedwait(self.changed, self.lock, &end) == 0 else { return }
            }
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(self.lock)
        defer {
            pthread_cond_broadcast(self.changed)
            pthread_mutex_unlock(self.lock)
        }
        return body()
    }

    /// What a notice is about: the names before its `=`.
    private static func kind(_ notice: String) -> [Substring] {
        notice.split(separator: "\n").map { $0.prefix { $0 != "=" } }
    }
}
