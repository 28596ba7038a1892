import Daemon
import NIOCore

/// An HTTP response of the admin endpoint; the connection ends with it.
package struct AdminAnswer: Hashable, Sendable {
    let status: Int
    let contentType: String
    let body: [UInt8]
    /// What `Allow` says; nil without that header.
    private(set) var allowed: String?
    /// False for an answer to HEAD: the body is counted, not sent.
    private(set) var sendsBody = true

    /// - Parameters:
    ///   - status: 200 or 503.
    ///   - contentType: what `Content-Type` says.
    package init(_ status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    private static func text(_ status: Int, _ text: String) -> AdminAnswer {
        AdminAnswer(status, contentType: "text/plain; charset=utf-8", body: Array("\(text)\n".utf8))
    }

    func sending(body sendsBody: Bool) -> AdminAnswer {
        var answer = self
        answer.sendsBody = sendsBody
        return answer
    }

    static let health = Self.text(200, "ok")
    static let badRequest = Self.text(400, "this is no HTTP/1.1 request")
    static let requestTimeout = Self.text(408, "the request did not come in time")
    static let contentTooLarge = Self.text(413, "no request has a body here")
    static let headersTooLarge = Self.text(431, "the headers are too large")
    static let tooManyPages = Self.text(503, "too many pages are being made")
    static let pageTimeout = Self.text(503, "the page took too long")

    static func notFound(pages: [String]) -> AdminAnswer {
        Self.text(404, "not found; there are \(pages.joined(separator: ", "))")
    }

    static let methodNotAllowed: AdminAnswer = {
        var answer = Self.text(405, "the method is GET or HEAD")
        answer.allowed = "GET, HEAD"
        return answer
    }()

    /// 200 where the process is ready, else 503, and each check with its reason.
    static func readiness(_ report: ReadinessReport) -> AdminAnswer {
        AdminAnswer(report.isReady ? 200 : 503, contentType: "application/json", body: report.json)
    }

    /// The answer's bytes.
    var bytes: ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeString("HTTP/1.1 \(self.status) \(self.phrase)\r\nContent-Type: \(self.contentType)\r\n")
        if let allowed { buffer.writeString("Allow: \(allowed)\r\n") }
        buffer.writeString("Content-Length: \(self.body.count)\r\n")
        // What was true a moment ago is not what is asked; and a browser takes the bytes for nothing else.
        buffer.writeString("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n")
        if self.sendsBody { buffer.writeBytes(self.body) }
        return buffer
    }

    private var phrase: String {
        switch self.status {
        case 200: "OK"
        case 400: "Bad Request"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 431: "Request Header Fields Too Large"
        default: "Service Unavailable"
        }
    }
}
