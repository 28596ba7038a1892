import Foundation
import Glibc
import TestSupport

/// A TCP client that sends what it is told, byte for byte, over a blocking socket.
final class RawClient {
    struct Response: Equatable {
        var status: Int
        /// Names in lower case.
        var headers: [String: String]
        var body: [UInt8]

        var text: String { String(decoding: self.body, as: UTF8.self) }
    }

    struct Failure: Error { let reason: String }

    private let descriptor: CInt
    private var unread: [UInt8] = []
    private var isOpen = true

    /// - Parameter receiveBuffer: the size of the kernel's buffer for what comes; nil: its default.
    init(port: Int, receiveBuffer: CInt? = nil) throws {
        self.descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard self.descriptor >= 0 else { throw SystemCallFailure("socket") }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(self.descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(self.descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if var size = receiveBuffer {
            setsockopt(self.descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // `deinit` closes the descriptor in this case too.
        guard result == 0 else { throw SystemCallFailure("connect") }
    }

    deinit {
        self.close()
    }

    func close() {
        guard self.isOpen else { return }
        self.isOpen = false
        Glibc.close(self.descriptor)
    }

    /// Ends this side; the other may still send.
    func shutdownWrite() {
        shutdown(self.descriptor, CInt(SHUT_WR))
    }

    func send(_ text: String) throws {
        try self.send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        guard self.sendAsMuchAsGoes(bytes) == bytes.count else { throw SystemCallFailure("send") }
    }

    /// How many bytes went out before the other side would have no more.
    @discardableResult
    func sendAsMuchAsGoes(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(self.descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }

    /// Reads one response; nil when the connection ends before one begins.
    func response(toHead: Bool = false) throws -> Response? {
        while true {
            guard let end = self.unread.firstRange(of: Array("\r\n\r\n".utf8)) else {
                guard try self.readMore() else {
                    guard self.unread.isEmpty else { throw Failure(reason: "the connection ended within a head") }
                    return nil
                }
                continue
            }
            let lines = String(decoding: self.unread[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
            self.unread.removeSubrange(..<end.upperBound)
            let words = lines[0].split(separator: " ")
            guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
                throw Failure(reason: "no status line: \(lines[0])")
            }
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
            }
            let length = toHead || status < 200 ? 0 : try self.length(headers)
            while self.unread.count < length {
                guard try self.readMore() else { throw Failure(reason: "the connection ended within a body") }
            }
            let body = Array(self.unread.prefix(length))
            self.unread.removeFirst(length)
            return Response(status: status, headers: headers, body: body)
        }
    }

    /// Waits for the connection's end; false when bytes come first.
    func isAtEnd() throws -> Bool {
        guard self.unread.isEmpty else { return false }
        return try !self.readMore()
    }

    private func length(_ headers: [String: String]) throws -> Int {
        guard let length = headers["content-length"].flatMap({ Int($0) }) else {
            throw Failure(reason: "an answer without Content-Length")
        }
        return length
    }

    /// False at the end, a reset included.
    private func readMore() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = recv(self.descriptor, &chunk, chunk.count, 0)
        if count < 0 {
            if errno == ECONNRESET { return false }
            throw SystemCallFailure("recv")
        }
        self.unread.append(contentsOf: chunk.prefix(count))
        return count > 0
    }
}
