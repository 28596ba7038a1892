/// An HTTP response as it came over the wire.
package struct HTTPReply: Hashable, Sendable {
    package struct Header: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    package let status: Int
    package let headers: [Header]
    package let body: [UInt8]

    /// The first header of that name, whatever its case.
    package subscript(header name: String) -> String? {
        self.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as text; bytes that are no UTF-8 become U+FFFD.
    package var text: String { String(decoding: self.body, as: UTF8.self) }
}

/// What came back is no whole HTTP response.
package enum HTTPReplyError: Error, Hashable {
    case malformed(String)
    /// The connection ended before the response did; it holds what had come.
    case endedEarly([UInt8])
}

extension HTTPReply {
    /// Reads one response from the beginning of the bytes.
    ///
    /// - Returns: the response and how many bytes it took; nil when more bytes are needed.
    static func parse(_ bytes: [UInt8], ended: Bool, toHead: Bool = false) throws -> (reply: HTTPReply, length: Int)? {
        guard let headLength = self.headLength(bytes) else {
            if ended { throw HTTPReplyError.endedEarly(bytes) }
            return nil
        }
        let lines = bytes.prefix(headLength - 4).split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
        let statusLine = lines.first ?? ""
        let parts = statusLine.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let status = Int(parts[1]) else {
            throw HTTPReplyError.malformed(statusLine)
        }
        let headers = try lines.dropFirst().map { line in
            guard let colon = line.firstIndex(of: ":") else { throw HTTPReplyError.malformed(line) }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            return Header(name: String(line[..<colon]), value: String(value))
        }
        let head = HTTPReply(status: status, headers: headers, body: [])
        let rest = bytes[headLength...]
        if toHead || status == 204 || status == 304 || status < 200 { return (head, headLength) }
        if head[header: "Transfer-Encoding"]?.lowercased() == "chunked" {
            guard let (body, length) = try self.chunks(rest) else {
                if ended { throw HTTPReplyError.endedEarly(bytes) }
                return nil
            }
            return (HTTPReply(status: status, headers: headers, body: body), headLength + length)
        }
        if let text = head[header: "Content-Length"] {
            guard let length = Int(text), length >= 0 else { throw HTTPReplyError.malformed(text) }
            guard rest.count >= length else {
                if ended { throw HTTPReplyError.endedEarly(bytes) }
                return nil
            }
            return (HTTPReply(status: status, headers: headers, body: Array(rest.prefix(length))), headLength + length)
        }
        guard ended else { return nil }
        return (HTTPReply(status: status, headers: headers, body: Array(rest)), bytes.count)
    }

    private static func headLength(_ bytes: [UInt8]) -> Int? {
        let mark: [UInt8] = [13, 10, 13, 10]
        guard bytes.count >= 4 else { return nil }
        return (0...bytes.count - 4).first { bytes[$0..<$0 + 4].elementsEqual(mark) }.map { $0 + 4 }
    }

    private static func chunks(_ bytes: ArraySlice<UInt8>) throws -> (body: [UInt8], length: Int)? {
        var body: [UInt8] = []
        var rest = bytes
        while true {
            guard let end = rest.firstIndex(of: 10) else { return nil }
            let line = String(decoding: rest[..<end].filter { $0 != 13 }, as: UTF8.self)
            guard let size = Int(line.prefix { $0 != ";" }, radix: 16), size >= 0, size <= 1 << 30 else {
                throw HTTPReplyError.malformed(line)
            }
            rest = rest[(end + 1)...]
            guard rest.count >= size + 2 else { return nil }
            body += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
            if size == 0 { return (body, rest.startIndex - bytes.startIndex) }
        }
    }
}
