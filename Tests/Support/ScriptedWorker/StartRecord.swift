import CLinux
import Daemon
import Glibc
import Settings

/// What a process was started with, in `NAME VALUE` lines.
struct StartRecord {
    private let lines: [String]

    /// To be taken first of all, before anything is changed.
    static func taken() -> StartRecord {
        var lines = [
            "pid \(getpid())", "parent \(getppid())", "group \(getpgrp())",
            "descriptors \(Self.descriptors.map(String.init).joined(separator: ","))",
        ]
        lines += CommandLine.arguments.map { "argument \($0)" }
        lines += processEnvironment().sorted { $0.key < $1.key }.map { "variable \($0)=\($1)" }
        lines += Self.signalSets
        return StartRecord(lines: lines)
    }

    /// Writes the record as `<prefix>.<pid>.record`, which is there whole or not at all.
    func write(to prefix: String, and more: [String]) {
        let path = "\(prefix).\(getpid()).record"
        guard let file = fopen("\(path).part", "w") else { return }
        fputs((self.lines + more).joined(separator: "\n") + "\n", file)
        fclose(file)
        rename("\(path).part", path)
    }

    /// What can be told only once the process is hardened.
    static func afterLaunch(isSupervised: Bool) -> [String] {
        ["dumpable \(linux_is_dumpable())"]
            + PassedSockets.take(isSupervised: isSupervised).map { "listener \($0)" }
    }

    private static var descriptors: [Int32] {
        (0..<1024).filter { fcntl($0, F_GETFD) != -1 }
    }

    /// `SigBlk` and `SigIgn` of the kernel's own account.
    private static var signalSets: [String] {
        guard let file = fopen("/proc/self/status", "r") else { return [] }
        defer { fclose(file) }
        var found: [String] = []
        var buffer = [CChar](repeating: 0, count: 4096)
        while fgets(&buffer, 4096, file) != nil {
            let line = String(
                decoding: buffer.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            let parts = line.split(whereSeparator: { $0 == ":" || $0 == "\t" })
            if parts.count == 2, parts[0] == "SigBlk" || parts[0] == "SigIgn" {
                found.append("\(parts[0]) \(parts[1])")
            }
        }
        return found
    }
}
