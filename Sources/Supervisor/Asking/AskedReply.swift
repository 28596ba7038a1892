/// The bytes of an HTTP response as they come in, as a value; says when it is whole.
///
/// The answer of an admin endpoint has a `Content-Length`; another one's may end with its connection.
struct AskedReply {
    /// A longer head is no admin endpoint's.
    private static let headLimit = 16 << 10

    private struct Head {
        let status: Int
        /// Nil where the end of the connection ends it.
        let length: Int?
        let size: Int
    }

    private let limit: Int
    private(set) var bytes: [UInt8] = []
    private var head: Head?

    /// - Parameter limit: the longest body that is borne, in bytes.
    init(limit: Int) {
        self.limit = limit
    }

    /// Takes what has come.
    ///
    /// - Returns: the page once it is whole, or cannot become so; nil while more is wanted.
    mutating func take(_ part: some Collection<UInt8>) -> AskedPage? {
        self.bytes += part
        if self.head == nil {
            guard let size = self.headSize else {
                return self.bytes.count > Self.headLimit ? .failed(.malformed) : nil
            }
            guard let head = self.readHead(size) else { return .failed(.malformed) }
            self.head = head
        }
        guard let head = self.head else { return nil }
        let count = self.bytes.count - head.size
        guard max(head.length ?? 0, count) <= self.limit else { return .failed(.tooLarge) }
        guard let length = head.length, count >= length else { return nil }
        return count == length ? self.page(head) : .failed(.malformed)
    }

    /// The other side has ended the connection.
    func ended() -> AskedPage {
        // Not a word: it went away before it read the request.
        if self.bytes.isEmpty { return .failed(.unreachable) }
        guard let head = self.head, head.length == nil else { return .failed(.malformed) }
        return self.page(head)
    }

    private func page(_ head: Head) -> AskedPage {
        .answered(status: head.status, body: Array(self.bytes[head.size...]))
    }

    /// With the empty line behind it; nil as long as that has not come.
    private var headSize: Int? {
        let end: [UInt8] = [13, 10, 13, 10]
        let window = self.bytes.prefix(Self.headLimit)
        guard window.count >= end.count else { return nil }
        return window.indices.dropLast(end.count - 1)
            .first { window[$0] == 13 && window[$0..<($0 + end.count)].elementsEqual(end) }.map { $0 + end.count }
    }

    private func readHead(_ size: Int) -> Head? {
        let text = String(decoding: self.bytes[..<size], as: UTF8.self)
        // A line's end is one character.
        let lines = text.split(separator: "\r\n")
        guard let first = lines.first, first.hasPrefix("HTTP/1.1 ") || first.hasPrefix("HTTP/1.0 ") else { return nil }
        let code = first.dropFirst("HTTP/1.1 ".count).prefix { $0 != " " }
        guard code.utf8.count == 3, let status = Int(code), (200...599).contains(status) else { return nil }
        var length: Int?
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            let value = parts[1].drop { $0 == " " || $0 == "\t" }
            switch parts[0].lowercased() {
            case "content-length":
                guard length == nil, value.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(value) else {
                    return nil
                }
                length = number
            // Of another server; its status tells enough.
            case "transfer-encoding" where status == 200: return nil
            default: break
            }
        }
        return Head(status: status, length: length, size: size)
    }
}
