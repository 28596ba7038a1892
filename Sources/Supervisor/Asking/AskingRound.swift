import Daemon
import Glibc

/// Asks many admin endpoints for the same page, many at once; blocks its thread for a bounded time.
struct AskingRound {
    struct Limits {
        /// Connections that are open at once.
        var atOnce = 128
        /// For one answer, from the beginning of its connection.
        var each = Duration.seconds(1)
        /// For all answers.
        var all = Duration.seconds(2)
        /// One body, in bytes.
        var bytes = 16 << 20
        /// All bodies, in bytes; what comes when it is used up is left out.
        var allBytes = 64 << 20
    }

    private struct Open {
        let index: Int
        let connection: AskedConnection
        let deadline: ContinuousClock.Instant
    }

    private let path: String
    private let limits: Limits
    private let end: ContinuousClock.Instant
    private var pages: [AskedPage?]
    private var open: [Open] = []
    /// What may still come, in bytes: what is kept, and what is on its way to be.
    private var bytesLeft: Int
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    /// Asks all of them for a page.
    ///
    /// - Parameter addresses: those that are to be asked first stand first: whom the time does not suffice for are the
    ///   last.
    /// - Returns: a page for each address, in their order; nil for those who had no turn.
    static func ask(_ addresses: [SocketAddress?], for path: String, within limits: Limits) -> [AskedPage?] {
        var round = AskingRound(count: addresses.count, for: path, within: limits)
        return round.run(addresses)
    }

    private init(count: Int, for path: String, within limits: Limits) {
        self.path = path
        self.limits = limits
        self.end = .now + limits.all
        self.pages = Array(repeating: nil, count: count)
        self.bytesLeft = limits.allBytes
    }

    private mutating func run(_ addresses: [SocketAddress?]) -> [AskedPage?] {
        var next = 0
        while true {
            let now = ContinuousClock.now
            if now >= self.end { break }
            while next < addresses.count, self.open.count < self.limits.atOnce {
                self.begin(next, addresses[next], at: now)
                next += 1
            }
            if self.open.isEmpty { break }
            self.wait(until: self.open.map(\.deadline).min().map { min($0, self.end) } ?? self.end)
        }
        for open in self.open { self.pages[open.index] = .failed(.timeout) }
        return self.pages
    }

    private mutating func begin(_ index: Int, _ address: SocketAddress?, at now: ContinuousClock.Instant) {
        guard let address, let connection = AskedConnection(to: address, for: self.path, limit: self.limits.bytes)
        else {
            self.pages[index] = .failed(.unreachable)
            return
        }
        self.open.append(Open(index: index, connection: connection, deadline: now + self.limits.each))
    }

    private mutating func wait(until deadline: ContinuousClock.Instant) {
        var sources = self.open.map {
            pollfd(fd: $0.connection.descriptor, events: $0.connection.interest, revents: 0)
        }
        poll(&sources, nfds_t(sources.count), Int32(clamping: (deadline - .now).inMilliseconds) + 1)
        let now = ContinuousClock.now
        var left: [Open] = []
        for (open, source) in zip(self.open, sources) {
            let before = open.connection.held
            let page = source.revents == 0 ? nil : open.connection.proceed(&self.buffer)
            self.bytesLeft -= open.connection.held - before
            if self.bytesLeft < 0 {
                self.bytesLeft += open.connection.held
                self.pages[open.index] = .failed(.tooLarge)
            } else if let page {
                self.pages[open.index] = page
                if case .failed = page { self.bytesLeft += open.connection.held }
            } else if now < open.deadline {
                left.append(open)
            } else {
                self.pages[open.index] = .failed(.timeout)
                self.bytesLeft += open.connection.held
            }
        }
        self.open = left
    }
}
