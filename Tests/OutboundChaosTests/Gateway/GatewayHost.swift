import Foundation
import TestSupport

/// One of the hosts: a supervisor with an egress worker for each account, under a host name of its own where that may
/// be.
final class GatewayHost: Sendable {
    static let sameName = "both hosts have one name, so nothing is handed over: `unshare --uts` is not permitted here"

    /// Whether processes can be given a host name of their own.
    static func mayHaveNames() async -> Bool {
        let words = self.launcher(named: "chaos") + ["/bin/true"]
        let process = try? await RunningProcess.start(
            words[0], arguments: Array(words.dropFirst()), environment: ["PATH": "/usr/bin:/bin"])
        return (try? await process?.waitForExit()) == .exited(0)
    }

    let name: String
    private let environment: [String: String]
    private let hasName: Bool
    /// Every supervisor so far.
    private let supervisors = Watched<[RunningProcess]>([])

    init(_ name: String, environment: [String: String], hasName: Bool) {
        self.name = name
        self.environment = environment
        self.hasName = hasName
    }

    private static func launcher(named name: String) -> [String] {
        ["/usr/bin/unshare", "--uts", "/bin/sh", "-c", #"hostname "$0" && exec "$@""#, name]
    }

    /// Starts its supervisor, unless it runs already; returns when that is ready.
    func start() async throws {
        guard self.supervisor?.isRunning != true else { return }
        let folder = try TemporaryFolder()
        let notices = try NotifyListener()
        let own = ["NOTIFY_SOCKET": notices.path, "TMPDIR": folder.path]
        let words =
            (self.hasName ? Self.launcher(named: self.name) : []) + [BuildFolder.executable("whatsapp-supervisor")]
        let process = try await RunningProcess.start(
            words[0], arguments: Array(words.dropFirst()),
            environment: self.environment.merging(own) { given, _ in given }, workingDirectory: folder.path,
            keeping: folder)
        self.supervisors.update { $0.append(process) }
        try await notices.waitForNotice("READY=1 of \(self.name)", within: .seconds(60)) { $0.isReady }
    }

    private var supervisor: RunningProcess? { self.supervisors.read { $0.last } }

    /// Ends its supervisor with a signal, and waits until it is gone; its workers may still be draining.
    func end(with signal: Int32) async throws {
        guard let supervisor, supervisor.isRunning else { return }
        supervisor.signal(signal)
        try await supervisor.waitForExit(within: .seconds(30))
    }

    /// Drains its supervisor and waits until its workers are gone too: they hold its log open.
    func drain() async {
        try? await self.end(with: SIGTERM)
        for supervisor in self.supervisors.current {
            supervisor.kill()
            try? await supervisor.standardError.waitForEnd(within: .seconds(15))
        }
    }

    /// Sends a signal to the worker of an account; answers its process ID, or nil where there is none just now.
    func signal(_ signal: Int32, workerOf account: ChaosAccount) -> pid_t? {
        guard let supervisor, supervisor.isRunning else { return nil }
        let start = supervisor.standardError.lines.last { line in
            line.contains(#"msg="worker started""#) && line.contains("worker=egress-\(account.name)")
        }
        guard let field = start?.split(separator: " ").last(where: { $0.hasPrefix("pid=") }),
            let processID = pid_t(field.dropFirst("pid=".count)),
            Self.parent(of: processID) == supervisor.processID, kill(processID, signal) == 0
        else { return nil }
        return processID
    }

    /// The time at which a worker here has last got the lane of an account, as text that sorts by time; nil: never.
    func lastTenure(of account: ChaosAccount) -> String? {
        let lines = self.supervisors.current.reversed().lazy.compactMap { supervisor in
            supervisor.standardError.lines.last {
                $0.contains("msg=\"holding the queue lane\"") && $0.contains("account=\(account.name)")
            }
        }
        return lines.first.map { String($0.prefix { $0 != " " }) }
    }

    /// All that it has logged.
    var log: [String] { self.supervisors.current.flatMap(\.standardError.lines) }

    private static func parent(of processID: pid_t) -> pid_t? {
        guard let line = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8) else { return nil }
        // The name in parentheses may hold anything; state and parent follow the last of them.
        let fields = line.split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 1 && fields[0] != "Z" ? pid_t(fields[1]) : nil
    }
}
