import Glibc

/// A lock on which a thread can sleep until another has changed what it guards; for threads that may block.
///
/// `Mutex` is for all that nobody waits on. What a monitor guards is touched between `lock()` and `unlock()` alone.
package final class Monitor: Sendable {
    // `nonisolated(unsafe)`: both point at what pthreads synchronise themselves.
    private nonisolated(unsafe) let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private nonisolated(unsafe) let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    package init() {
        self.mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(self.mutex, nil)
        self.changed.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(self.changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(self.changed)
        self.changed.deallocate()
        pthread_mutex_destroy(self.mutex)
        self.mutex.deallocate()
    }

    /// Waits until no other thread is inside.
    package func lock() { pthread_mutex_lock(self.mutex) }
    /// Lets the next one in; called by the thread that is inside.
    package func unlock() { pthread_mutex_unlock(self.mutex) }

    /// Wakes every thread that sleeps here; it goes on once the lock is free.
    package func wake() { pthread_cond_broadcast(self.changed) }

    /// Gives the lock up, sleeps while the condition holds, and has the lock again when it returns.
    ///
    /// - Parameters:
    ///   - limit: the longest sleep; nil: without end. `CLOCK_MONOTONIC` counts it.
    ///   - condition: asked under the lock, at first and whenever this thread is woken.
    package func sleep(atMost limit: Duration? = nil, while condition: () -> Bool) {
        guard let limit else {
            while condition() { pthread_cond_wait(self.changed, self.mutex) }
            return
        }
        var end = Self.time(after: limit)
        while condition(), pthread_cond_timedwait(self.changed, self.mutex, &end) == 0 {}
    }

    private static func time(after duration: Duration) -> timespec {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        time.tv_sec += Int(duration.components.seconds)
        time.tv_nsec += Int(duration.components.attoseconds / 1_000_000_000)
        if time.tv_nsec >= 1_000_000_000 {
            time.tv_sec += 1
            time.tv_nsec -= 1_000_000_000
        }
        return time
    }
}
