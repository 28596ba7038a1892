import TestSupport

/// Keep-alive connections to the ingress, used again by whoever comes next; so many at once and no more.
actor ConnectionPool {
    private var idle: [RawConnection] = []
    private var unopened: Int
    private var waiting: [CheckedContinuation<RawConnection?, Never>] = []

    init(limit: Int) {
        self.unopened = limit
    }

    /// Waits for a place, and takes the connection that was used last; nil where the caller may open a new one.
    ///
    /// Each must be given back.
    func take() async -> RawConnection? {
        if let connection = self.idle.popLast() { return connection }
        if self.unopened > 0 {
            self.unopened -= 1
            return nil
        }
        return await withCheckedContinuation { self.waiting.append($0) }
    }

    /// Gives a connection back, or nil for one that is gone.
    func giveBack(_ connection: RawConnection?) {
        if !self.waiting.isEmpty {
            self.waiting.removeFirst().resume(returning: connection)
        } else if let connection {
            self.idle.append(connection)
        } else {
            self.unopened += 1
        }
    }
}
