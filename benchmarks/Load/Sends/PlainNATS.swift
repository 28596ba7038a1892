import Glibc

/// As much of NATS' protocol as requests need, over one blocking socket: a client that adds next to nothing to what is
/// measured, and stays the same when the gateway's own client changes.
final class PlainNATS {
    /// A reply to the request of this number.
    struct Reply {
        let number: Int
        /// Whether it carries an error code, or says that nobody listens.
        let isError: Bool
    }

    /// What the subjects of replies begin with.
    let inbox = "_INBOX.load\(UInt64.random(in: .min ... .max))."

    private let socket: Int32
    private var received: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)

    /// Connects to 127.0.0.1, subscribes to the inbox, and waits until the server knows it.
    ///
    /// - Throws: `SocketError` when nobody listens there, or it is no NATS server without credentials.
    init(port: UInt16) throws {
        self.socket = try LoopbackSocket.connect(port: port)
        var limit = timeval(tv_sec: 90, tv_usec: 0)
        setsockopt(self.socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let options =
            #"{"verbose":false,"pedantic":false,"headers":true,"no_responders":true,"lang":"swift","version":"1","#
            + #""name":"load"}"#
        let greeting = "CONNECT \(options)\r\nSUB \(self.inbox)* 1\r\nPING\r\n"
        guard self.write(Array(greeting.utf8)), self.awaitPong() else {
            throw SocketError(description: "127.0.0.1:\(port): expected a NATS server without credentials")
        }
    }

    deinit {
        close(self.socket)
    }

    /// Writes at once; false when the connection is broken.
    func write(_ bytes: [UInt8]) -> Bool {
        LoopbackSocket.write(bytes, to: self.socket)
    }

    /// Waits for bytes and takes off them what is whole; nil when the connection is broken, or silent for 90 s.
    func read() -> [Reply]? {
        guard self.fill() else { return nil }
        var replies: [Reply] = []
        var start = 0
        while let end = self.endOfLine(from: start) {
            let line = self.received[start..<end]
            let next = end + 2
            if line.starts(with: "PING".utf8) {
                guard self.write(Array("PONG\r\n".utf8)) else { return nil }
                start = next
            } else if line.starts(with: "-ERR".utf8) {
                return nil
            } else if line.starts(with: "MSG ".utf8) || line.starts(with: "HMSG ".utf8) {
                guard let (reply, after) = self.message(line, from: next) else { break }
                replies += reply.map { [$0] } ?? []
                start = after
            } else {
                start = next
            }
        }
        self.received.removeFirst(start)
        return replies
    }

    /// `MSG <subject> <sid> [reply] <bytes>`, or `HMSG` with the bytes of its headers before those of all.
    ///
    /// - Returns: the reply, and where the next line begins; nil when it has not come whole.
    private func message(_ line: ArraySlice<UInt8>, from start: Int) -> (Reply?, Int)? {
        let words = line.split(separator: 32).map { String(decoding: $0, as: UTF8.self) }
        guard let size = words.last.flatMap({ Int($0) }), size >= 0, start + size + 2 <= self.received.count else {
            return nil
        }
        let number = words[1].split(separator: ".").last.flatMap { Int($0) }
        var isError = false
        if words[0] == "HMSG", let length = Int(words[words.count - 2]), length <= size {
            let headers = String(decoding: self.received[start..<start + length], as: UTF8.self)
            isError = headers.hasPrefix("NATS/1.0 503") || headers.contains("Nats-Service-Error-Code")
        }
        return (number.map { Reply(number: $0, isError: isError) }, start + size + 2)
    }

    private func awaitPong() -> Bool {
        while true {
            guard self.fill() else { return false }
            let lines = self.received.split(separator: 10)
            if lines.contains(where: { $0.starts(with: "-ERR".utf8) }) { return false }
            if lines.contains(where: { $0.starts(with: "PONG".utf8) }) {
                self.received = []
                return true
            }
        }
    }

    private func endOfLine(from start: Int) -> Int? {
        guard let end = self.received[start...].firstIndex(of: 13), end + 1 < self.received.count else { return nil }
        return end
    }

    private func fill() -> Bool {
        let count = recv(self.socket, &self.buffer, self.buffer.count, 0)
        guard count > 0 else { return false }
        self.received += self.buffer[..<count]
        return true
    }
}
