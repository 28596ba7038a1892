import Foundation
import Glibc
import TestSupport
import Testing

@testable import Supervisor

/// A real supervisor with scripted workers, in a directory of its own; the test plays systemd.
///
/// Waits are for facts, each for `patience` at most. Everything is killed when the test is done with it.
final class SupervisorUnderTest {
    static let patience = Duration.seconds(30)

    /// Its working directory, and where its workers leave their records.
    var directory: String { self.folder.path }
    private let folder: TemporaryFolder
    var pid: pid_t { self.process.pid }
    private let process: ChildProcess
    private let log: LineReader
    private let manager: NotifySocket
    /// All that was told to systemd, word for word and in order.
    private(set) var told: [String] = []

    /// - Parameters:
    ///   - accounts: each is named after what its worker is to do: see `ScriptedWorker`.
    ///   - environment: variables beside those for the accounts.
    ///   - file: the `.env` in its working directory.
    ///   - arguments: those of its command line.
    ///   - shell: what a shell does before it becomes the supervisor.
    ///   - launcher: a command that becomes the supervisor, or has it as its child.
    ///   - input: its stdin.
    ///   - missing: names of executables that are to be missing.
    init(
        _ accounts: [String], _ environment: [String: String] = [:], file: String? = nil, arguments: [String] = [],
        after shell: String? = nil, through launcher: [String] = [], reading input: Int32? = nil,
        without missing: [String] = []
    ) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        for (name, product) in [
            ("whatsapp-supervisor", "whatsapp-supervisor"), ("whatsapp-egress", "ScriptedWorker"),
            ("whatsapp-ingress", "ScriptedWorker"),
        ] where !missing.contains(name) {
            try Self.install(BuildFolder.executable(product), as: "\(folder.path)/\(name)")
        }
        if let file { try folder.write(file, to: ".env") }
        self.manager = try NotifySocket(below: folder.path)
        var variables = [
            "NOTIFY_SOCKET": self.manager.path, "TMPDIR": folder.path, "PATH": "/usr/bin:/bin",
            "SUPERVISOR_ADMIN": "off",
        ]
        for (index, account) in accounts.enumerated() {
            variables["WA_\(account.uppercased())"] = "\(1000 + index):secret-of-\(account)"
        }
        variables.merge(environment) { $1 }

        let pipe = try ChildProcess.pipe()
        // It is at its end only when the supervisor and every worker are: nobody else has it open.
        self.log = LineReader(FileHandle(fileDescriptor: pipe.reading, closeOnDealloc: true))
        defer { close(pipe.writing) }
        let executable = "\(folder.path)/whatsapp-supervisor"
        let words =
            launcher + (shell.map { ["/bin/sh", "-c", "\($0)\nexec \(executable)"] } ?? [executable] + arguments)
        self.process = try ChildProcess(
            words, environment: variables, in: folder.path, input: input, log: pipe.writing)
    }

    deinit {
        self.signal(SIGKILL)
        for record in self.records() {
            for pid in [record.pid] + record["parent"].compactMap({ pid_t($0) }) where self.isOurs(pid) {
                kill(pid, SIGKILL)
            }
        }
    }

    /// Whether a process was started from this directory; the number of one that has ended may be another's.
    private func isOurs(_ pid: pid_t) -> Bool {
        let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
        return String(decoding: words, as: UTF8.self).hasPrefix(self.directory + "/")
    }

    /// Each supervisor has its executables to itself, of which it costs nothing to have many.
    ///
    /// By a link where that can be: a copy cannot be executed while another process, just forked, has it open still.
    static func install(_ executable: String, as path: String) throws {
        guard link(executable, path) != 0 else { return }
        try FileManager.default.copyItem(atPath: executable, toPath: path)
    }

    func signal(_ signal: Int32) { self.process.signal(signal) }

    /// Waits for the supervisor's end; its exit status, or minus the signal that killed it.
    func exitStatus() throws -> Int32 { try self.wait("the supervisor's end") { self.process.ending() } }

    /// Waits until no process has the log open any more, and returns all of it.
    @discardableResult
    func logToItsEnd() throws -> [String] { try self.log.readToEnd(within: Self.patience) }

    /// Waits for a line of the log with all these texts in it, behind those already waited for.
    @discardableResult
    func line(_ texts: String...) throws -> String {
        try self.log.next(within: Self.patience) { line in texts.allSatisfy { line.contains($0) } }
    }

    /// Waits until systemd is told something of which this holds.
    @discardableResult
    func notice(where isMeant: (NotifyMessage) -> Bool) throws -> NotifyMessage {
        try self.wait("a notice to systemd, after \(self.told)") {
            while let text = self.nextNotice() {
                let message = NotifyMessage(text.utf8)
                if isMeant(message) { return message }
            }
            return nil
        }
    }

    /// Waits until systemd is told something that begins with this.
    @discardableResult
    func notice(beginning start: String) throws -> String {
        try self.wait("a notice to systemd that begins with \(start), after \(self.told)") {
            while let text = self.nextNotice() { if text.hasPrefix(start) { return text } }
            return nil
        }
    }

    /// The next that systemd is told; workers do not know this socket.
    func nextNotice() -> String? {
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = recv(self.manager.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        guard count > 0 else { return nil }
        let text = String(decoding: buffer.prefix(count), as: UTF8.self)
        self.told.append(text)
        return text
    }

    /// Writes another `.env` and asks for a reload.
    func reload(_ file: String) throws {
        try self.folder.write(file, to: ".env")
        self.signal(SIGHUP)
    }

    /// Waits for the record of a worker that is not among those known.
    func record(of worker: String, besides known: [WorkerRecord] = []) throws -> WorkerRecord {
        try self.wait("a record of \(worker)") {
            self.records().first { $0.worker == worker && !known.map(\.pid).contains($0.pid) }
        }
    }

    func records() -> [WorkerRecord] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: self.directory)) ?? []
        return names.filter { $0.hasSuffix(".record") }.compactMap { WorkerRecord(path: "\(self.directory)/\($0)") }
    }

    @discardableResult
    func wait<Fact>(_ what: String, for fact: () throws -> Fact?) throws -> Fact {
        let end = ContinuousClock.now + Self.patience
        while true {
            if let fact = try fact() { return fact }
            guard ContinuousClock.now < end else { throw NoSuchFact(what: what) }
            usleep(2000)
        }
    }
}

/// What was waited for did not come.
struct NoSuchFact: Error, CustomStringConvertible {
    let what: String

    var description: String { "waited in vain for \(self.what)" }
}
