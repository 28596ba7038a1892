import Foundation
import Glibc

/// What a scripted worker wrote of the way it was started.
struct WorkerRecord {
    let worker: String
    let pid: pid_t
    private let entries: [(name: String, value: String)]

    init?(path: String) {
        let parts = URL(fileURLWithPath: path).lastPathComponent.split(separator: ".")
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), parts.count == 3, let pid = pid_t(parts[1])
        else {
            return nil
        }
        self.worker = String(parts[0])
        self.pid = pid
        self.entries = text.split(separator: "\n").map { line in
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
        }
    }

    /// The values of this name, such as `argument`.
    subscript(name: String) -> [String] { self.entries.filter { $0.name == name }.map(\.value) }

    var environment: [String: String] {
        let pairs = self["variable"].map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) }
        return Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), String($0[1])) })
    }

    /// Whether the process is there and is no zombie.
    var isAlive: Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(self.pid)/stat", encoding: .utf8) else { return false }
        return status.split(separator: ")").last?.split(separator: " ").first != "Z"
    }
}
