import ArgumentParser
import Daemon
import Glibc
import Launch
import Logging
import Settings

/// A worker for tests of the supervisor: it does what the account it is to serve is named after, and nothing else.
///
/// It writes what it was started with into `<name>.<pid>.record`, beside its executable, before it says anything.
@main struct ScriptedWorker: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "scripted-worker")

    @OptionGroup var options: CommonOptions
    @Option var account: [String] = []
    @Option var proveToken: [String] = []
    @Argument var command: [String] = []

    func run() {
        let record = StartRecord.taken()
        let name = self.account.isEmpty ? "ingress" : self.account.joined(separator: "+")
        let source = Launch.settings(self.options) { source in source }
        let role = Role(account: name, token: source["TOKEN_\(name.uppercased())"])
        record.write(
            to: "\(Self.directory)/\(name)",
            and: StartRecord.afterLaunch(isSupervised: self.options.supervised != nil))
        switch role {
        case .crashing: MainThread.end(.software)
        case .refused, .refusing: MainThread.end(.configuration)
        case .unproven where !self.proveToken.isEmpty: MainThread.end(.configuration)
        case .unabortable: signal(SIGABRT, SIG_IGN)
        default: break
        }
        let drain = Duration.milliseconds(Int(source["SUPERVISOR_DRAIN_MS"] ?? "") ?? 20_000)
        let notifier = Notifier()
        if role.showsLife { Self.showLife(notifier) }
        MainThread.serve(drain: drain, logger: Logger(label: "worker")) { termination in
            switch role {
            case .throwing: throw CancellationError()
            case .unavailable: throw ProcessFailure(.unavailable, "nobody answers")
            case .farewell:
                notifier.ready("farewell")
                notifier.flush(within: .seconds(60))
                return .software
            case .orphaning: system("sleep 1 &")
            case .gated: _ = open("\(Self.directory)/gate", O_RDONLY)
            default: break
            }
            if role == .late {
                notifier.notReady("waiting for NATS at nowhere:4222")
            } else {
                notifier.ready("serving")
            }
            await termination.requested()
            notifier.stopping("draining")
            switch role {
            case .hung: while true { sleep(1000) }
            case .finishing: _ = open("\(Self.directory)/finish", O_RDONLY)
            default: break
            }
            return .success
        }
    }

    /// Shows that it works, four times as often as is asked for, as long as it lives.
    private static func showLife(_ notifier: Notifier) {
        guard let timeout = Notifier.watchdogTimeout else { return }
        startThread {
            let pause = UInt32(timeout / .microseconds(4))
            while true {
                notifier.keepAlive()
                usleep(pause)
            }
        }
    }

    /// The directory of this executable.
    static let directory: String = {
        var path = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &path, path.count)
        let text = String(decoding: path.prefix(max(0, length)), as: UTF8.self)
        return String(text[..<(text.lastIndex(of: "/") ?? text.startIndex)])
    }()
}
