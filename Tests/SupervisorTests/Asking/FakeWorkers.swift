import Daemon
import Glibc
import Synchronization
import TestSupport

@testable import Supervisor

/// Admin endpoints on Unix sockets, served by one thread that does with a connection what it was told.
final class FakeWorkers: Sendable {
    /// What a worker does when it is asked.
    enum Manner: Sendable {
        case answers([UInt8])
        /// Takes the connection, and no more of it.
        case silent
        /// A byte now and then.
        case drips
        /// Ends the connection at once.
        case hangsUp
        /// Listens, and takes no connection: as a process that is stopped.
        case stopped
    }

    private let folder: TemporaryFolder
    private let isEnded = Atomic(false)
    let sockets: [AdminSocket]

    init(_ manners: [Manner]) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        let sockets = manners.indices.map {
            AdminSocket(of: "w", WorkerID(number: $0 + 1), in: folder.path)
        }
        let listeners = sockets.map { Self.listen(at: $0.path) }
        self.sockets = sockets
        startThread(named: "fakes") { [weak self] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            var open: [(descriptor: Int32, manner: Manner)] = []
            while self?.isEnded.load(ordering: .relaxed) == false {
                var sources =
                    listeners.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
                    + open.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
                for (index, manner) in manners.enumerated() { if case .stopped = manner { sources[index].fd = -1 } }
                poll(&sources, nfds_t(sources.count), 10)
                let events = sources.map(\.revents)
                var still: [(descriptor: Int32, manner: Manner)] = []
                for (index, connection) in open.enumerated() {
                    let hasCome = events[listeners.count + index] != 0
                    if Self.serve(connection, hasCome, &buffer) { still.append(connection) }
                }
                for (index, manner) in manners.enumerated() where events[index] != 0 {
                    let descriptor = accept(listeners[index], nil, nil)
                    guard descriptor >= 0 else { continue }
                    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
                    still.append((descriptor, manner))
                }
                open = still
            }
            for descriptor in open.map(\.descriptor) + listeners { close(descriptor) }
        }
    }

    deinit {
        // The thread closes what it polls: another could be given the same numbers.
        self.isEnded.store(true, ordering: .relaxed)
    }

    /// The bytes of an answer with this body.
    static func answer(_ body: String, status: Int = 200) -> [UInt8] {
        Array("HTTP/1.1 \(status) Whatever\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    }

    /// - Returns: whether the connection is still open.
    private static func serve(
        _ connection: (descriptor: Int32, manner: Manner), _ hasCome: Bool, _ buffer: inout [UInt8]
    ) -> Bool {
        let count = hasCome ? recv(connection.descriptor, &buffer, buffer.count, 0) : -1
        if count == 0 {
            close(connection.descriptor)
            return false
        }
        switch connection.manner {
        case .answers(let bytes) where count > 0:
            var rest = bytes[...]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes {
                    send(connection.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if sent < 0, errno != EAGAIN { break }
                rest = rest.dropFirst(max(0, sent))
            }
        case .drips: _ = send(connection.descriptor, "H", 1, Int32(MSG_NOSIGNAL))
        case .hangsUp:
            close(connection.descriptor)
            return false
        default: break
        }
        return true
    }

    private static func listen(at path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        precondition(result == 0 && Glibc.listen(descriptor, 64) == 0)
        return descriptor
    }
}
