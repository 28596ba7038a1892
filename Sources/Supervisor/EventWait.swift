import Glibc

/// Sleeps until something can be read, or until a time.
struct EventWait {
    private let descriptors: [Int32]

    init(for descriptors: [Int32]) {
        self.descriptors = descriptors
    }

    /// - Parameter deadline: nil to sleep without end.
    func sleep(until deadline: ContinuousClock.Instant?) {
        var timeout: Int32 = -1
        if let deadline {
            // Rounded up, lest the last millisecond be spent in turning round.
            let (seconds, attoseconds) = max(.zero, deadline - .now).components
            let milliseconds = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
            timeout = Int32(clamping: min(seconds, 86_400) * 1000 + milliseconds)
        }
        var sources = self.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        poll(&sources, nfds_t(sources.count), timeout)
    }
}
