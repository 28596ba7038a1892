import TestSupport

/// Connections that send what no honest client would.
struct HTTPGarbage {
    private var generator: SeededGenerator

    init(seed: Seed) {
        self.generator = seed.generator
    }

    /// Opens a connection, sends something, and leaves it in some way.
    mutating func attack(port: Int) async throws {
        let connection = try await RawConnection.connect(port: port)
        let bytes = self.bytes()
        // The other side may have gone after the first of it.
        try? await connection.send(bytes)
        switch Int.random(in: 0..<4, using: &self.generator) {
        case 0: await connection.close()
        case 1: try? await connection.reset()
        case 2:
            try? await connection.finishSending()
            _ = try? await connection.end(within: .milliseconds(50))
            await connection.close()
        default:
            try? await connection.send(self.bytes())
            await connection.close()
        }
    }

    private mutating func bytes() -> [UInt8] {
        switch Int.random(in: 0..<5, using: &self.generator) {
        case 0: self.noise(upTo: 4000)
        case 1: self.mutated(self.request())
        case 2: Array(self.request().prefix(Int.random(in: 0..<200, using: &self.generator)))
        case 3: Array(self.oddHeads.randomElement(using: &self.generator)?.utf8 ?? "".utf8)
        default: self.request() + self.noise(upTo: 200)
        }
    }

    /// A webhook that nobody has signed.
    private func request() -> [UInt8] {
        PlainHTTP.request(
            "POST", "/webhook",
            headers: [(WebhookSignature.headerName, "sha256=" + String(repeating: "a", count: 64))],
            body: WebhookBody.text(id: "wamid.garbage"))
    }

    private mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...8, using: &self.generator) where !bytes.isEmpty {
            bytes[Int.random(in: bytes.indices, using: &self.generator)] = UInt8.random(
                in: .min ... .max, using: &self.generator)
        }
        return bytes
    }

    private mutating func noise(upTo count: Int) -> [UInt8] {
        (0..<Int.random(in: 0...count, using: &self.generator)).map { _ in
            UInt8.random(in: .min ... .max, using: &self.generator)
        }
    }

    private var oddHeads: [String] {
        [
            "\r\n\r\n\r\n", "GET", "GET /webhook\r\n\r\n", "GET /webhook HTTP/9.9\r\n\r\n",
            "POST /webhook HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "POST /webhook HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
            "POST /webhook HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            "POST /webhook HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nffffffffffffffff\r\n",
            "POST /webhook HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "GET /\(String(repeating: "a", count: 70_000)) HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\n\(String(repeating: "A: b\r\n", count: 5000))\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}",
            "CONNECT 127.0.0.1:22 HTTP/1.1\r\n\r\n", "GET http://[::1 HTTP/1.1\r\nHost: \u{0}\r\n\r\n",
        ]
    }
}
