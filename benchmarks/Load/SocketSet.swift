import Glibc

/// Waits for some sockets with `pselect`, which counts in nanoseconds: what is due in a tenth of a millisecond is not late
/// by a whole one. Descriptors are below 1,024.
struct SocketSet {
    private let sockets: [Int32]

    init(_ sockets: [Int32]) {
        self.sockets = sockets
    }

    /// Waits until one has something to read, or the instant has come.
    ///
    /// - Returns: the indices of those that have.
    func readable(until instant: ContinuousClock.Instant?) -> [Int] {
        var set = fd_set()
        withUnsafeMutableBytes(of: &set) { bits in
            for socket in self.sockets { bits[Int(socket) >> 3] |= 1 << UInt8(socket & 7) }
        }
        let count = self.wait(&set, until: instant)
        guard count > 0 else { return [] }
        return withUnsafeBytes(of: &set) { bits in
            self.sockets.indices.filter { index in
                bits[Int(self.sockets[index]) >> 3] & 1 << UInt8(self.sockets[index] & 7) != 0
            }
        }
    }

    private func wait(_ set: inout fd_set, until instant: ContinuousClock.Instant?) -> Int32 {
        let limit = (self.sockets.max() ?? -1) + 1
        guard let instant else { return pselect(limit, &set, nil, nil, nil, nil) }
        let (seconds, attoseconds) = max(.zero, ContinuousClock.now.duration(to: instant)).components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        return pselect(limit, &set, nil, nil, &time, nil)
    }
}
