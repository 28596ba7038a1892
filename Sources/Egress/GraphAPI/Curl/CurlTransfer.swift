import CCurl
import Glibc

/// A libcurl easy handle, kept for many calls, and the call it carries now; belongs to the curl thread.
final class CurlTransfer {
    let easy: UnsafeMutableRawPointer
    /// When the call is given up unless it has ended: not written, or not answered.
    private(set) var deadline: ContinuousClock.Instant = .now
    private(set) var call: PendingCall?
    private var permit = WritePermit(writeBy: .now)
    private var response: ResponseBuffer
    private var headers: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>
    private let settings: CurlSettings
    private let sockets: OpenSockets

    /// `nil` if libcurl has no memory, or refuses an option that a promise rests on.
    init?(settings: CurlSettings, multi: CurlMulti) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.settings = settings
        self.sockets = multi.sockets
        self.response = ResponseBuffer(longestBody: settings.maxResponseBytes)
        self.errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        self.errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))

        guard CurlOptions.setConstant(of: easy, settings: settings, share: multi.share),
            ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, self.errorText) == CURLE_OK,
            Self.setCallbacks(of: easy, to: self, sockets: multi.sockets)
        else { return nil }
    }

    deinit {
        curl_easy_cleanup(self.easy)
        curl_slist_free_all(self.headers)
        self.errorText.deallocate()
    }

    /// Makes the handle ready to carry a call.
    ///
    /// - Returns: why it cannot be carried; `nil` when it can.
    func load(_ call: PendingCall, now: ContinuousClock.Instant) -> String? {
        self.permit = WritePermit(writeBy: min(call.writeBy, now + self.settings.timeout))
        self.deadline = self.permit.writeBy
        self.errorText.pointee = 0

        guard let url = self.settings.endpoint.url(of: call.call) else { return "the path is not one of a URL" }
        guard let fields = RequestHeaders(call: call.call, token: call.token) else {
            return "the access token has a character that no header may have"
        }
        self.headers = fields.makeList()
        guard self.headers != nil,
            CurlOptions.setCall(
                of: self.easy, method: call.call.method, url: url, body: call.call.body, headers: self.headers),
            CurlOptions.setConnecting(of: self.easy, within: self.permit.writeBy - now)
        else { return "libcurl is out of memory" }
        self.call = call
        return nil
    }

    /// Makes the call ready for another connection, where the one it was given was stale and nothing is written.
    ///
    /// - Returns: whether that is so.
    func reload(now: ContinuousClock.Instant) -> Bool {
        self.errorText.pointee = 0
        return self.permit.renew() && CurlOptions.setConnecting(of: self.easy, within: self.permit.writeBy - now)
    }

    /// Gives up the call for a reason of this side.
    func interrupt(_ interruption: WritePermit.Interruption) -> GraphOutcome {
        self.permit.interrupt(interruption)
        return self.permit.outcome(host: self.settings.endpoint.host, failure: "")
    }

    /// The call's deadline is over.
    func expire() -> GraphOutcome {
        self.interrupt(self.permit.isWritten ? .timedOut(after: self.settings.timeout) : .notWrittenInTime)
    }

    var isWritten: Bool { self.permit.isWritten }

    /// What became of the call when libcurl has ended it.
    func outcome(_ code: CURLcode) -> GraphOutcome {
        guard code == CURLE_OK else {
            return self.permit.outcome(host: self.settings.endpoint.host, failure: self.failureText(code))
        }
        var status = 0
        ccurl_get_long(self.easy, CURLINFO_RESPONSE_CODE, &status)
        guard self.response.isHeadWhole, status >= 200 else {
            return self.permit.outcome(host: self.settings.endpoint.host, failure: "the answer broke off in its head")
        }
        let now = time(nil)
        return .answered(
            GraphAnswer(
                status: status, body: self.response.body,
                retryAfter: self.header("Retry-After").flatMap { RetryAfter.duration($0, now: now) },
                regainAccess: UsageHeader.names.compactMap { self.header($0) }
                    .compactMap { UsageHeader.regainAccess($0) }.max()))
    }

    /// Lets the call go, with its token and its bytes.
    func unload() {
        CurlOptions.clearCall(of: self.easy)
        curl_slist_free_all(self.headers)
        self.headers = nil
        self.response = ResponseBuffer(longestBody: self.settings.maxResponseBytes)
        self.call = nil
    }

    /// Whether the request may be written to the connection with these ends, now.
    func mayWrite(to ends: OpenSockets.Ends) -> Bool {
        let now = ContinuousClock.now
        let isCancelled = self.call?.cancellation.isRequested ?? true
        guard self.permit.allows(at: now, isCancelled: isCancelled, connection: self.connection(ends)) else {
            return false
        }
        self.deadline = now + self.settings.timeout
        return true
    }

    private func connection(_ ends: OpenSockets.Ends) -> WritePermit.Connection {
        guard let input = self.sockets.input(of: ends), input != .nothing else { return .quiet }
        var fresh = 0
        ccurl_get_long(self.easy, CURLINFO_NUM_CONNECTS, &fresh)
        if fresh == 0 { return .stale }
        // A TLS server may follow the handshake up with a session ticket.
        return input == .bytes && self.settings.endpoint.isSecure ? .quiet : .unasked
    }

    /// A number other than the line's length makes libcurl end the transfer.
    func receivedHeadLine(_ line: UnsafeRawBufferPointer) -> Int {
        guard !self.response.appendHeadLine(line) else { return line.count }
        self.permit.interrupt(.responseTooLarge(limit: ResponseBuffer.longestHead))
        return 0
    }

    /// A number other than the part's length makes libcurl end the transfer.
    func receivedBody(_ part: UnsafeRawBufferPointer) -> Int {
        guard !self.response.appendBody(part) else { return part.count }
        self.permit.interrupt(.responseTooLarge(limit: self.settings.maxResponseBytes))
        return 0
    }

    private func header(_ name: String) -> String? {
        var header: UnsafeMutablePointer<curl_header>?
        guard curl_easy_header(self.easy, name, 0, UInt32(CURLH_HEADER), -1, &header) == CURLHE_OK, let header else {
            return nil
        }
        return String(cString: header.pointee.value)
    }

    /// libcurl's words; what a server sent may be among them, so control characters go.
    private func failureText(_ code: CURLcode) -> String {
        let words =
            self.errorText.pointee != 0
            ? String(cString: self.errorText) : curl_easy_strerror(code).map { String(cString: $0) } ?? "failed"
        return String(words.map { $0.isASCII && $0 >= " " && $0 != "\u{7F}" ? $0 : "?" })
    }
}
