import CCurl

/// What every easy handle is told once, and what it is told for each call.
enum CurlOptions {
    /// Idle connections older than this are not used again: the older, the likelier the server is about to close it.
    private static let idleSeconds = 30
    /// A connection is replaced after this time, so that the Graph API's addresses are looked up again now and then.
    private static let lifetimeSeconds = 600

    /// - Returns: whether libcurl took every option.
    static func setConstant(
        of easy: UnsafeMutableRawPointer, settings: CurlSettings, share: UnsafeMutableRawPointer
    ) -> Bool {
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1),
            (CURLOPT_FOLLOWLOCATION, 0),
            (CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1),
            (CURLOPT_PATH_AS_IS, 1),
            (CURLOPT_TCP_NODELAY, 1),
            (CURLOPT_SSL_VERIFYPEER, 1),
            (CURLOPT_SSL_VERIFYHOST, 2),
            (CURLOPT_MAXAGE_CONN, self.idleSeconds),
            (CURLOPT_MAXLIFETIME_CONN, self.lifetimeSeconds),
            // Giving up a call whose name is being resolved must not wait for the resolver, with all other calls behind.
            (CURLOPT_QUICK_EXIT, 1),
        ]
        let texts: [(CURLoption, String)] = [
            (CURLOPT_PROTOCOLS_STR, "http,https"),
            // An empty proxy: what the environment says of proxies is not asked.
            (CURLOPT_PROXY, ""),
            (CURLOPT_USERAGENT, settings.userAgent),
        ]
        return numbers.allSatisfy { ccurl_set_long(easy, $0, $1) == CURLE_OK }
            && texts.allSatisfy { ccurl_set_text(easy, $0, $1) == CURLE_OK }
            && ccurl_set_pointer(easy, CURLOPT_SHARE, share) == CURLE_OK
            && self.setTrust(of: easy, settings: settings)
    }

    static func setCall(
        of easy: UnsafeMutableRawPointer, method: GraphCall.Method, url: String, body: [UInt8]?,
        headers: UnsafeMutablePointer<curl_slist>?
    ) -> Bool {
        var codes = [
            ccurl_set_text(easy, CURLOPT_URL, url),
            ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headers),
        ]
        if let body = body ?? (method == .post ? [] : nil) {
            codes.append(ccurl_set_long(easy, CURLOPT_POST, 1))
            codes.append(ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            codes.append(self.copyBody(body, to: easy))
            codes.append(ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, method == .post ? nil : method.rawValue))
        } else {
            codes.append(ccurl_set_long(easy, CURLOPT_HTTPGET, 1))
            codes.append(ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, method == .get ? nil : method.rawValue))
        }
        return codes.allSatisfy { $0 == CURLE_OK }
    }

    /// How long finding an address, connecting and TLS may take together; libcurl divides it among the addresses.
    static func setConnecting(of easy: UnsafeMutableRawPointer, within limit: Duration) -> Bool {
        let milliseconds = (limit / .milliseconds(1)).rounded(.up)
        return ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(min(max(1, milliseconds), 3_600_000))) == CURLE_OK
    }

    /// Takes away what belonged to one call: its headers, and the copy of its body.
    static func clearCall(of easy: UnsafeMutableRawPointer) {
        ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, nil)
        ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, nil)
    }

    /// An empty array has no address, and without one libcurl would read a body from stdin.
    private static func copyBody(_ body: [UInt8], to easy: UnsafeMutableRawPointer) -> CURLcode {
        guard !body.isEmpty else { return ccurl_set_text(easy, CURLOPT_COPYPOSTFIELDS, "") }
        return body.withUnsafeBytes { bytes in
            ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
        }
    }

    /// A bundle file alone, without Debian's directory of certificates: only then does libcurl keep the parsed bundle
    /// from one connection to the next.
    private static func setTrust(of easy: UnsafeMutableRawPointer, settings: CurlSettings) -> Bool {
        guard let bundle = settings.certificateAuthorities ?? CurlLibrary.certificateBundle else { return true }
        return ccurl_set_text(easy, CURLOPT_CAINFO, bundle) == CURLE_OK
            && ccurl_set_text(easy, CURLOPT_CAPATH, nil) == CURLE_OK
    }
}
