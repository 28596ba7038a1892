import Foundation

/// A Python with NATS' own client, for tests that look at the gateway from another language; made by `scripts/python-env`.
package enum PythonEnvironment {
    /// Says why a test that needs it is skipped.
    package static var absence: String { "scripts/python-env: \(self.made.words)" }

    /// Whether tests that need it should run: it is here, or `CI` is `true`, where its absence is a failure.
    ///
    /// Used as `@Test(.enabled(if: PythonEnvironment.isAvailable, "\(PythonEnvironment.absence)"))`.
    package static var isAvailable: Bool {
        self.made.isThere || ProcessInfo.processInfo.environment["CI"] == "true"
    }

    /// It could not be made.
    package struct Absent: Error, CustomStringConvertible {
        package var description: String { PythonEnvironment.absence }
    }

    /// Starts a script of `Tests/Support/Python` with it.
    ///
    /// - Throws: `Absent` where there is none.
    package static func start(_ script: String, arguments: [String] = []) async throws -> RunningProcess {
        guard self.made.isThere else { throw Absent() }
        return try await RunningProcess.start(
            "\(self.root)/.build/python/bin/python",
            arguments: ["\(self.root)/Tests/Support/Python/\(script)"] + arguments,
            environment: ["PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"])
    }

    private static let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(5).joined(separator: "/")
        .replacing("//", with: "/")

    /// Made once, if it is not there: that takes some seconds.
    private static let made: (isThere: Bool, words: String) = {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "\(Self.root)/scripts/python-env")
        process.standardError = pipe
        do { try process.run() } catch { return (false, "\(error)") }
        let words = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        let text = String(decoding: words, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return (process.terminationStatus == 0, text)
    }()
}
