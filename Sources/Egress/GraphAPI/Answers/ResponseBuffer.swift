/// What has come of a response so far, within bounds; a value without socket.
struct ResponseBuffer {
    /// A head is a few lines: one that goes on is no answer.
    static let longestHead = 256 << 10

    private let longestBody: Int
    private(set) var body: [UInt8] = []
    /// Whether a whole head of a final response is here; libcurl takes a head that breaks off for an answer.
    private(set) var isHeadWhole = false
    private var headLength = 0
    private var isInterim = false

    init(longestBody: Int) {
        self.longestBody = longestBody
    }

    /// Takes one line of the head, or of a trailer; `false` when it is too much.
    mutating func appendHeadLine(_ line: UnsafeRawBufferPointer) -> Bool {
        self.headLength += line.count
        if line.starts(with: "HTTP/".utf8) {
            self.isHeadWhole = false
            self.isInterim = line.drop { $0 != UInt8(ascii: " ") }.dropFirst().first == UInt8(ascii: "1")
        } else if line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n") {
            self.isHeadWhole = !self.isInterim
        }
        return self.headLength <= Self.longestHead
    }

    /// Takes a part of the body; `false`, and nothing taken, when it is too much.
    mutating func appendBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= self.longestBody - self.body.count else { return false }
        self.body.append(contentsOf: bytes)
        return true
    }
}
