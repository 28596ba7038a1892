import Foundation

/// A folder of its own below the temporary directory, mode 0700; it goes away with the last reference to it.
package final class TemporaryFolder: Sendable {
    package let path: String

    /// - Throws: `POSIXError` when the folder cannot be made.
    package init() throws {
        var template = Array(NSTemporaryDirectory().utf8CString.dropLast())
        if template.last != CChar(UInt8(ascii: "/")) { template.append(CChar(UInt8(ascii: "/"))) }
        template += Array("whatsapp-bot-nats-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        self.path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    /// Writes a file into the folder and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String, permissions: Int = 0o600) throws -> String {
        let path = "\(self.path)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
        return path
    }
}
