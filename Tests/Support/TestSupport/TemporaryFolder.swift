import Foundation
import Synchronization

/// A folder of its own below the temporary directory, mode 0700; it goes away with the last reference to it, or with
/// the process.
package final class TemporaryFolder: Sendable {
    package let path: String

    private static let existing = Mutex<Set<String>>([])

    /// What something still refers to when the process ends is removed then.
    private static let removalAtExit: Void = {
        atexit { for path in TemporaryFolder.existing.withLock({ $0 }) { TemporaryFolder.remove(path) } }
    }()

    /// - Throws: `SystemCallFailure` when the folder cannot be made.
    package init() throws {
        _ = Self.removalAtExit
        let root = NSTemporaryDirectory()
        var template = Array("\(root)\(root.hasSuffix("/") ? "" : "/")whatsapp-bot-nats-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemCallFailure("mkdtemp") }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.path = path
        Self.existing.withLock { _ = $0.insert(path) }
    }

    deinit {
        Self.existing.withLock { [path] in _ = $0.remove(path) }
        Self.remove(self.path)
    }

    /// Writes a file into the folder, or below one of its own, and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String, permissions: Int = 0o600) throws -> String {
        let path = "\(self.path)/\(name)"
        let file = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
        return path
    }

    private static func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }
}
