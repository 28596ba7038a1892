import TestSupport

/// NATS' protocol by hand, for headers that no client library would write.
struct RawNATS: Sendable {
    private let connection: RawConnection

    static func connect(to server: NATSServer) async throws -> RawNATS {
        let connection = try await RawConnection.connect(port: server.port)
        _ = try await connection.takeLine()
        try await connection.send(
            #"CONNECT {"verbose":false,"headers":true,"no_responders":true,"lang":"test"}"#
                + "\r\nSUB replies.raw 1\r\n")
        return RawNATS(connection: connection)
    }

    /// Publishes a request and returns its whole reply, headers and payload, as text.
    ///
    /// - Parameter header: the lines after `NATS/1.0`, each with its end; empty for none.
    func request(_ subject: String, header: [UInt8], payload: [UInt8]) async throws -> String {
        let end = Array("\r\n".utf8)
        if header.isEmpty {
            try await self.connection.send(
                Array("PUB \(subject) replies.raw \(payload.count)\r\n".utf8) + payload + end)
        } else {
            let block = Array("NATS/1.0\r\n".utf8) + header + end
            let sizes = "\(block.count) \(block.count + payload.count)"
            try await self.connection.send(
                Array("HPUB \(subject) replies.raw \(sizes)\r\n".utf8) + block + payload + end)
        }
        while true {
            let line = try await self.connection.takeLine()
            if line == "PING" {
                try await self.connection.send("PONG\r\n")
            } else if line.hasPrefix("MSG ") || line.hasPrefix("HMSG "), let size = line.split(separator: " ").last {
                let bytes = try await self.connection.take((Int(size) ?? 0) + 2)
                return String(decoding: bytes.dropLast(2), as: UTF8.self)
            } else if line.hasPrefix("-ERR") {
                return line
            }
        }
    }
}
