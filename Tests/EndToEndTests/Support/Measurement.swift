import Foundation

/// A figure that a test has measured and only bounds generously.
enum Measurement {
    /// Puts it on stderr.
    static func print(_ what: String, _ time: Duration? = nil) {
        let text = time.map { "\(what): \(Int($0 / .milliseconds(1))) ms\n" } ?? "\(what)\n"
        FileHandle.standardError.write(Data("measured: \(text)".utf8))
    }
}
