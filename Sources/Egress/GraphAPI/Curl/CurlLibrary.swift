import CCurl

/// Why a transport could not be made.
struct CurlError: Error, Hashable, CustomStringConvertible {
    let description: String
}

/// The libcurl this process runs with.
enum CurlLibrary {
    /// Sets libcurl up, once a process.
    ///
    /// - Throws: `CurlError` if it is too old to ask before it writes a request (7.80), or lacks TLS, or would resolve
    ///   names on the calling thread.
    static func prepare() throws(CurlError) {
        guard self.status == CURLE_OK else { throw CurlError(description: "libcurl cannot be set up") }
        let information = ccurl_version().pointee
        let version = String(cString: information.version)
        guard information.version_num >= 0x07_50_00 else {
            throw CurlError(description: "libcurl \(version) is too old, 7.80 is needed")
        }
        guard information.features & CURL_VERSION_SSL != 0, information.features & CURL_VERSION_ASYNCHDNS != 0 else {
            throw CurlError(
                description: "libcurl \(version) is built without TLS or without asynchronous name resolution")
        }
    }

    /// The certificate bundle libcurl was built with, such as Debian's `/etc/ssl/certs/ca-certificates.crt`.
    static var certificateBundle: String? {
        ccurl_version().pointee.cainfo.map { String(cString: $0) }
    }

    private static let status = curl_global_init(Int(CURL_GLOBAL_SSL))
}
