import Foundation

/// Plays systemd for one process: a notify socket of its own, and a record of all that is told on it.
package final class NotifyListener: Sendable {
    /// One datagram: `NAME=VALUE` lines.
    package struct Notice: Hashable, Sendable, CustomStringConvertible {
        package let description: String

        package subscript(name: String) -> String? {
            self.description.split(separator: "\n").last { $0.hasPrefix("\(name)=") }.map {
                String($0.dropFirst(name.count + 1))
            }
        }

        package var isReady: Bool { self["READY"] == "1" }
        package var isStopping: Bool { self["STOPPING"] == "1" }
        package var status: String? { self["STATUS"] }
    }

    /// For `NOTIFY_SOCKET`.
    package let path: String
    private let folder: TemporaryFolder
    private let descriptor: Int32
    private let told = Watched<[Notice]>([])

    /// - Throws: `SystemCallFailure` when the socket cannot be made.
    package init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        self.path = "\(folder.path)/notify"
        self.descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard self.descriptor >= 0 else { throw SystemCallFailure("socket") }
        guard Self.bind(self.descriptor, to: self.path) == 0 else {
            let failure = SystemCallFailure("bind")
            close(self.descriptor)
            throw failure
        }
        // A thread, because the call blocks; it holds no reference to this object, so that its deinit can end it.
        Thread.detachNewThread { [descriptor, told] in Self.read(descriptor, into: told) }
    }

    deinit {
        shutdown(self.descriptor, Int32(SHUT_RDWR))
    }

    /// All that was told so far, in order.
    package var notices: [Notice] { self.told.current }

    /// The latest status; nil while there was none.
    package var status: String? { self.told.read { $0.last { $0.status != nil }?.status } }

    /// Waits for a notice that matches, those already told included.
    ///
    /// - Parameter start: the index of the first notice to look at; `notices.count` for only what is to come.
    /// - Throws: `Overdue` with all that was told.
    @discardableResult
    package func waitForNotice(
        _ what: String, from start: Int = 0, within limit: Duration = .seconds(20),
        matching: @escaping @Sendable (Notice) -> Bool
    ) async throws -> Notice {
        let told = self.told
        return try await told.first(within: limit, what: "\(what); told was: \(told.current)") { notices in
            notices.dropFirst(start).first(where: matching)
        }
    }

    private static func bind(_ descriptor: Int32, to path: String) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func read(_ descriptor: Int32, into told: Watched<[Notice]>) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                let notice = Notice(description: String(decoding: buffer[..<count], as: UTF8.self))
                told.update { $0.append(notice) }
            } else if count == 0 || errno != EINTR {
                break
            }
        }
        close(descriptor)
    }
}
