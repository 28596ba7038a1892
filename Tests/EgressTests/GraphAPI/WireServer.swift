import CCurl
import Foundation
import Glibc
import Synchronization

/// A TCP server on loopback whose behaviour is a closure: it sees and sends raw bytes, and may do what no server should.
final class WireServer: Sendable {
    /// Serves one connection; it is closed when this returns. Runs on a thread of its own.
    typealias Behaviour = @Sendable (_ connection: WireConnection) -> Void

    let port: UInt16
    private let listener: Int32
    private let counts = Mutex((accepted: 0, finished: 0, requests: [WireRequest]()))

    /// - Parameter backlog: of the listening socket; connections are accepted unless `behaviour` is `nil`.
    init(backlog: Int32 = 1_024, _ behaviour: Behaviour?) throws {
        self.listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = self.listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, backlog) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        self.port = UInt16(bigEndian: address.sin_port)
        guard let behaviour else { return }
        let acceptor = Thread { [weak self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                self?.counts.withLock { $0.accepted += 1 }
                Thread { [weak self] in
                    let connection = WireConnection(descriptor: descriptor) { [weak self] request in
                        self?.counts.withLock { $0.requests.append(request) }
                    }
                    behaviour(connection)
                    connection.finish()
                    self?.counts.withLock { $0.finished += 1 }
                }.start()
            }
        }
        acceptor.start()
    }

    deinit {
        shutdown(self.listener, Int32(SHUT_RDWR))
        close(self.listener)
    }

    var url: String { "http://127.0.0.1:\(self.port)" }

    /// Connections accepted so far.
    var accepted: Int { self.counts.withLock { $0.accepted } }

    /// Connections closed from this side so far.
    var finished: Int { self.counts.withLock { $0.finished } }

    /// Requests read so far, in the order in which they were complete.
    var requests: [WireRequest] { self.counts.withLock { $0.requests } }

    /// Answers every request on a connection with the same bytes.
    static func answering(_ response: String, delay: TimeInterval = 0) throws -> WireServer {
        try WireServer { connection in
            while connection.readRequest() != nil {
                if delay > 0 { Thread.sleep(forTimeInterval: delay) }
                connection.write(response)
            }
        }
    }
}

/// A request as it came over the wire.
struct WireRequest: Sendable {
    /// Request line and header lines, without line ends.
    let head: [String]
    let body: [UInt8]

    /// The values of a header, by its name in any case.
    func values(_ name: String) -> [String] {
        self.head.dropFirst().compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == name.lowercased() else { return nil }
            return parts[1].trimmingCharacters(in: .whitespaces)
        }
    }
}

/// One accepted connection of a `WireServer`; used by its own thread.
final class WireConnection {
    private let descriptor: Int32
    private let onRequest: (WireRequest) -> Void
    private var buffer: [UInt8] = []
    private var isOpen = true

    init(descriptor: Int32, onRequest: @escaping (WireRequest) -> Void) {
        self.descriptor = descriptor
        self.onRequest = onRequest
    }

    /// The next whole request; `nil` when the client closes before it is whole.
    func readRequest() -> WireRequest? {
        guard let headEnd = self.readHead() else { return nil }
        let head = String(decoding: self.buffer[..<(headEnd - 4)], as: UTF8.self).components(separatedBy: "\r\n")
        let length = Int(WireRequest(head: head, body: []).values("Content-Length").first ?? "0") ?? 0
        while self.buffer.count < headEnd + length {
            guard self.readSome() else { return nil }
        }
        let request = WireRequest(head: head, body: Array(self.buffer[headEnd..<(headEnd + length)]))
        self.buffer.removeFirst(headEnd + length)
        self.onRequest(request)
        return request
    }

    /// Waits for a whole head, and says where it ends.
    func readHead() -> Int? {
        while true {
            if let end = self.buffer.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound { return end }
            guard self.readSome() else { return nil }
        }
    }

    func write(_ text: String) {
        self.write(Array(text.utf8))
    }

    /// Writes it all, or nothing more once the client is gone.
    func write(_ bytes: [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                send(self.descriptor, buffer.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            offset += count
        }
    }

    /// Waits until the client closes; what it sends till then is not looked at.
    func waitForEnd() {
        while self.readSome() {}
    }

    /// Closes with a reset instead of an orderly end.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(self.descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        self.finish()
    }

    func finish() {
        guard self.isOpen else { return }
        self.isOpen = false
        close(self.descriptor)
    }

    private func readSome() -> Bool {
        guard self.isOpen else { return false }
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(self.descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        self.buffer += chunk[..<count]
        return true
    }
}
