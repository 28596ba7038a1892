/// Simple calls over HTTP/1.1 without TLS, each on a connection of its own.
package enum PlainHTTP {
    /// The address in a URL is not one that can be called.
    package struct InvalidURL: Error, Hashable {
        package let url: String
    }

    package static func get(_ url: String, headers: [(String, String)] = []) async throws -> HTTPReply {
        try await self.call("GET", url, headers: headers, body: nil)
    }

    package static func post(
        _ url: String, body: [UInt8], headers: [(String, String)] = []
    ) async throws -> HTTPReply {
        try await self.call("POST", url, headers: headers, body: body)
    }

    /// Makes one call and waits for the whole response.
    ///
    /// - Parameter url: `http://host:port/path?query`.
    /// - Throws: `InvalidURL`, `HTTPReplyError`, `Overdue`, or NIO's error when nobody accepts the connection.
    package static func call(
        _ method: String, _ url: String, headers: [(String, String)] = [], body: [UInt8]? = nil,
        within limit: Duration = .seconds(10)
    ) async throws -> HTTPReply {
        let address = try self.address(url)
        let connection = try await RawConnection.connect(host: address.host, port: address.port)
        let request = self.request(
            method, address.target, headers: [("Host", "\(address.host):\(address.port)")] + headers, body: body,
            keepAlive: false)
        try await connection.send(request)
        let reply = try await connection.reply(within: limit, toHead: method == "HEAD")
        await connection.close()
        return reply
    }

    /// The bytes of a request; `Content-Length` is added when there is a body.
    package static func request(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8]? = nil,
        keepAlive: Bool = true
    ) -> [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.0.lowercased() == "host" }) { head += "Host: localhost\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        if !keepAlive { head += "Connection: close\r\n" }
        return Array((head + "\r\n").utf8) + (body ?? [])
    }

    static func address(_ url: String) throws -> (host: String, port: Int, target: String) {
        guard url.hasPrefix("http://") else { throw InvalidURL(url: url) }
        let rest = url.dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest[authority.endIndex...]
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2 else { throw InvalidURL(url: url) }
        guard let port = parts.count == 2 ? Int(parts[1]) : 80 else { throw InvalidURL(url: url) }
        return (String(host), port, target.hasPrefix("/") ? String(target) : "/" + target)
    }
}
