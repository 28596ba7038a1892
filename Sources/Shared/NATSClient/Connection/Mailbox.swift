import Glibc

/// A queue from many threads to the one that works it off in batches.
///
/// `@unchecked Sendable`: every access to `waiting` is under the pthread mutex, which `Mutex` cannot replace because
/// the reader sleeps on a condition.
final class Mailbox<Element: Sendable>: @unchecked Sendable {
    private var waiting: [Element] = []
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let arrival: UnsafeMutablePointer<pthread_cond_t>

    init() {
        self.mutex = .allocate(capacity: 1)
        self.mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(self.mutex, nil)
        self.arrival = .allocate(capacity: 1)
        self.arrival.initialize(to: pthread_cond_t())
        pthread_cond_init(self.arrival, nil)
    }

    deinit {
        pthread_cond_destroy(self.arrival)
        self.arrival.deallocate()
        pthread_mutex_destroy(self.mutex)
        self.mutex.deallocate()
    }

    func post(_ element: Element) {
        pthread_mutex_lock(self.mutex)
        self.waiting.append(element)
        if self.waiting.count == 1 {
            pthread_cond_signal(self.arrival)
        }
        pthread_mutex_unlock(self.mutex)
    }

    func post(contentsOf elements: [Element]) {
        pthread_mutex_lock(self.mutex)
        let wasEmpty = self.waiting.isEmpty
        self.waiting += elements
        if wasEmpty {
            pthread_cond_signal(self.arrival)
        }
        pthread_mutex_unlock(self.mutex)
    }

    /// Takes all that is there, in the order of posting; waits for the first when there is nothing.
    ///
    /// - Parameter limit: how long to wait at most, in milliseconds; `nil` waits without end.
    func take(waitingAtMost limit: Int? = nil) -> [Element] {
        pthread_mutex_lock(self.mutex)
        defer { pthread_mutex_unlock(self.mutex) }
        if let limit {
            var end = timespec()
            clock_gettime(CLOCK_REALTIME, &end)
            end.tv_sec += limit / 1000
            end.tv_nsec += limit % 1000 * 1_000_000
            if end.tv_nsec >= 1_000_000_000 {
                end.tv_sec += 1
                end.tv_nsec -= 1_000_000_000
            }
            while self.waiting.isEmpty, pthread_cond_timedwait(self.arrival, self.mutex, &end) == 0 {}
        } else {
            while self.waiting.isEmpty {
                pthread_cond_wait(self.arrival, self.mutex)
            }
        }
        let taken = self.waiting
        self.waiting = []
        return taken
    }
}
