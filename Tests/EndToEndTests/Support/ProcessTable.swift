import Foundation
import TestSupport

/// What the kernel tells of a process.
enum ProcessTable {
    /// Its environment; nil where the kernel does not show it to us, or there is no such process.
    static func environment(of processID: pid_t) -> [String: String]? {
        guard let entries = self.words("/proc/\(processID)/environ") else { return nil }
        return entries.reduce(into: [:]) { variables, entry in
            guard let sign = entry.firstIndex(of: "=") else { return }
            variables[String(entry[..<sign])] = String(entry[entry.index(after: sign)...])
        }
    }

    /// Whether this process has CAP_SYS_PTRACE, with which it may look into others that are undumpable.
    static let mayReadUndumpable: Bool = {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let capabilities = line.flatMap { UInt64($0.dropFirst("CapEff:".count).drop { $0 == "\t" }, radix: 16) } ?? 0
        return capabilities & 1 << 19 != 0
    }()

    /// The beginning of a command that runs without special rights, like any process of an ordinary user.
    static let withoutRights =
        getuid() != 0
        ? ["/usr/bin/env"]
        : ["/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--"]

    /// Whether a process of the same user, without special rights, can read its environment.
    static func isEnvironmentOpen(of processID: pid_t) async throws -> Bool {
        let command = self.withoutRights + ["/bin/cat", "/proc/\(processID)/environ"]
        let reader = try await RunningProcess.start(command[0], arguments: Array(command.dropFirst()))
        return try await reader.waitForExit() == .exited(0)
    }

    /// Its arguments, as `ps` shows them to everyone.
    static func arguments(of processID: pid_t) -> [String] {
        self.words("/proc/\(processID)/cmdline") ?? []
    }

    /// Whether there is such a process, and it has not ended.
    static func isAlive(_ processID: pid_t) -> Bool {
        guard let line = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8) else { return false }
        // The name in parentheses may hold anything; the state follows the last of them.
        return line.split(separator: ")").last?.split(separator: " ").first != "Z"
    }

    private static func words(_ path: String) -> [String]? {
        guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else { return nil }
        return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
