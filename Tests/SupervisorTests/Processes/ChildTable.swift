import Foundation

/// What the kernel tells of the children of a process.
enum ChildTable {
    struct Child: Hashable {
        let pid: pid_t
        let name: String
        let isZombie: Bool
    }

    /// Those that are not reaped.
    static func children(of parent: pid_t) -> [Child] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.compactMap { pid in
            guard let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")")
            else { return nil }
            let fields = line[line.index(after: close)...].split(separator: " ")
            guard fields.count > 1, pid_t(fields[1]) == parent else { return nil }
            return Child(pid: pid, name: String(line[line.index(after: open)..<close]), isZombie: fields[0] == "Z")
        }
    }
}
