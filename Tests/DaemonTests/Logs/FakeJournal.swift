import Glibc
import TestSupport

/// A socket that takes entries as journald does, in a folder of its own.
final class FakeJournal: Sendable {
    let path: String
    private let folder: TemporaryFolder
    private let descriptor: Int32

    /// - Throws: `SystemCallFailure` when there is no such socket to be had.
    init() throws {
        self.folder = try TemporaryFolder()
        self.path = "\(self.folder.path)/socket"
        self.descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: self.path.utf8) }
        let bound = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(self.descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw SystemCallFailure("bind") }
    }

    deinit {
        close(self.descriptor)
    }

    /// The next entry's bytes; `nil` where none has come.
    func next() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let length = recv(self.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return length < 0 ? nil : Array(buffer.prefix(length))
    }

    /// All entries that have come and are not taken yet.
    func entries() -> [[String: String]] {
        var entries: [[String: String]] = []
        while let bytes = self.next() { entries.append(Self.fields(of: bytes)) }
        return entries
    }

    /// The fields of an entry in the native protocol, of which only `NAME=value` lines are expected here; a line that
    /// is none stands under `""`.
    static func fields(of bytes: [UInt8]) -> [String: String] {
        var fields: [String: String] = [:]
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            let equals = line.firstIndex(of: UInt8(ascii: "="))
            let name = equals.map { String(decoding: line[..<$0], as: UTF8.self) } ?? ""
            fields[name] = String(decoding: equals.map { line[($0 + 1)...] } ?? line, as: UTF8.self)
        }
        return fields
    }
}
