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

    /// What a worker does, by its name.
    private enum Role: String {
        /// Is ready at once, and drains at once.
        case ready, steady, ingress
        /// Waits for NATS for ever.
        case late
        /// Ends with 70 at once.
        case crashing
        /// Throws an error.
        case throwing
        /// Ends for a reason of its own.
        case unavailable
        /// Ends with 78 at once.
        case refused, refusing
        /// Is ready, and never ends its drain.
        case hung
        /// Is ready, and ends its drain once someone opens the named pipe `finish` beside its executable.
        case finishing
    }

    @OptionGroup var options: CommonOptions
    @Option var account = "ingress"
    @Argument var command: [String] = []

    func run() {
        let record = StartRecord.taken()
        let role = Role(rawValue: self.account) ?? .ready
        let source = Launch.settings(self.options) { source in source }
        record.write(
            to: "\(Self.directory)/\(self.account)",
            and: StartRecord.afterLaunch(isSupervised: self.options.supervised != nil))
        switch role {
        case .crashing: MainThread.end(.software)
        case .refused, .refusing: MainThread.end(.configuration)
        default: break
        }
        let drain = Duration.milliseconds(Int(source["SUPERVISOR_DRAIN_MS"] ?? "") ?? 20_000)
        let notifier = Notifier()
        MainThread.serve(drain: drain, logger: Logger(label: "worker")) { termination in
            switch role {
            case .throwing: throw CancellationError()
            case .unavailable: throw ProcessFailure(.unavailable, "nobody answers")
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

    /// The directory of this executable.
    static let directory: String = {
        var path = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &path, path.count)
        let text = String(decoding: path.prefix(max(0, length)), as: UTF8.self)
        return String(text[..<(text.lastIndex(of: "/") ?? text.startIndex)])
    }()
}
