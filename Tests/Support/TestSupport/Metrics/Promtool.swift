import Foundation

/// Prometheus' own judge of what a page of metrics says.
package enum Promtool {
    /// Says why a test that needs promtool is skipped.
    package static let absence = "promtool is not here: install Debian's package prometheus"

    private static let executable: String? = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
        access($0, X_OK) == 0
    }

    /// Whether tests that need it should run: it is here, or `CI` is `true`, where its absence is a failure.
    package static var isAvailable: Bool {
        self.executable != nil || ProcessInfo.processInfo.environment["CI"] == "true"
    }

    /// promtool is not on this machine.
    package struct Absent: Error, CustomStringConvertible {
        package var description: String { Promtool.absence }
    }

    /// What it finds wrong with a page of metrics; empty where that is nothing.
    package static func problems(of metrics: [UInt8]) async throws -> String {
        guard let executable else { throw Absent() }
        let folder = try TemporaryFolder()
        let path = try folder.write(String(decoding: metrics, as: UTF8.self), to: "metrics")
        let process = try await RunningProcess.start(
            "/bin/sh", arguments: ["-c", #"exec "$1" check metrics <"$2""#, "sh", executable, path], keeping: folder)
        return try await self.words(of: process)
    }

    /// What it finds wrong when it is run in a folder; empty where that is nothing.
    package static func problems(running arguments: [String], in folder: String) async throws -> String {
        guard let executable else { throw Absent() }
        return try await self.words(
            of: RunningProcess.start(executable, arguments: arguments, workingDirectory: folder))
    }

    private static func words(of process: RunningProcess) async throws -> String {
        let ending = try await process.waitForExit(within: .seconds(30))
        try await process.standardError.waitForEnd(within: .seconds(5))
        if ending == .exited(0) { return "" }
        return "\(ending): \(process.standardOutput.tail)\(process.standardError.tail)"
    }
}
