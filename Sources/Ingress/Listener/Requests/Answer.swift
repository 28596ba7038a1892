import NIOCore

/// An HTTP response, as small as it can be.
struct Answer: Hashable, Sendable {
    let status: Int
    /// Header lines beyond `Content-Length` and `Connection`, each with its CRLF.
    private(set) var extraLines = ""
    private(set) var body: [UInt8] = []
    /// False for an answer to HEAD: the body is counted, not sent.
    private(set) var sendsBody = true

    private init(_ status: Int) {
        self.status = status
    }

    /// All that are ever answered.
    static let statuses = [200, 400, 401, 403, 404, 405, 408, 413, 417, 431, 503, 505]

    static let ok = Answer(200)
    static let badRequest = Answer(400)
    static let unauthorized = Answer(401)
    static let forbidden = Answer(403)
    static let notFound = Answer(404)
    static let requestTimeout = Answer(408)
    static let contentTooLarge = Answer(413)
    static let expectationFailed = Answer(417)
    static let headersTooLarge = Answer(431)
    static let versionNotSupported = Answer(505)

    static func methodNotAllowed(allowed: String) -> Answer {
        var answer = Answer(405)
        answer.extraLines = "Allow: \(allowed)\r\n"
        return answer
    }

    static func unavailable(retryAfterSeconds: Int) -> Answer {
        var answer = Answer(503)
        answer.extraLines = "Retry-After: \(max(0, retryAfterSeconds))\r\n"
        return answer
    }

    /// 200 with plain text, whose bytes a browser takes for nothing else.
    static func text(_ body: [UInt8], sendsBody: Bool = true) -> Answer {
        var answer = Answer(200)
        answer.extraLines = "Content-Type: text/plain\r\nX-Content-Type-Options: nosniff\r\n"
        answer.body = body
        answer.sendsBody = sendsBody
        return answer
    }

    init(_ verdict: WebhookVerdict) {
        switch verdict {
        case .accepted: self = .ok
        case .badRequest: self = .badRequest
        case .tooLarge: self = .contentTooLarge
        case .unavailable(let seconds): self = .unavailable(retryAfterSeconds: seconds)
        }
    }

    /// The answer's bytes.
    ///
    /// - Parameter closes: whether the connection ends with it, which `Connection: close` tells.
    func bytes(closes: Bool, allocator: ByteBufferAllocator = ByteBufferAllocator()) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: 160 + self.body.count)
        buffer.writeString("HTTP/1.1 \(self.status) \(self.reason)\r\n")
        buffer.writeString(self.extraLines)
        buffer.writeString("Content-Length: \(self.body.count)\r\n")
        buffer.writeStaticString(closes ? "Connection: close\r\n\r\n" : "\r\n")
        if self.sendsBody { buffer.writeBytes(self.body) }
        return buffer
    }

    private var reason: String {
        switch self.status {
        case 200: "OK"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 417: "Expectation Failed"
        case 431: "Request Header Fields Too Large"
        case 503: "Service Unavailable"
        default: "HTTP Version Not Supported"
        }
    }
}
