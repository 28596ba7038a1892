import NIOCore

/// Gathers a request's body up to a limit, without believing what the request says of its length.
struct BodyCollector {
    /// What has come so far.
    private(set) var bytes: [UInt8] = []
    /// As many bytes may have to be held: the length announced, or the limit when none is.
    let expected: Int
    private let limit: Int

    /// - Parameters:
    ///   - announced: `Content-Length`, at most `limit`; nil for a chunked body.
    init(announced: Int?, limit: Int) {
        self.expected = min(announced ?? limit, limit)
        self.limit = limit
    }

    /// Takes a part; false, taking nothing, when the body is over the limit.
    ///
    /// Room is made for four times what is there, at most for what is announced: a header that lies costs no
    /// memory, and a body of 4 MiB that comes in reads of 16 KiB is moved five times, a third of it in all.
    mutating func append(_ part: ByteBuffer) -> Bool {
        let total = self.bytes.count + part.readableBytes
        guard total <= self.limit else { return false }
        if total > self.bytes.capacity {
            self.bytes.reserveCapacity(max(total, min(self.expected, 4 * total)))
        }
        part.withUnsafeReadableBytes { self.bytes.append(contentsOf: $0) }
        return true
    }
}
