import Logging
import Settings

/// What the log tells of the workers.
struct CrewLog {
    private var logger: Logger

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// From now on what is less important than this is left out.
    mutating func keep(from level: Logger.Level) {
        self.logger.logLevel = level
    }

    func started(_ member: Roster.Member, pid: Int32) {
        self.about(member).info("worker started", metadata: ["pid": "\(pid)"])
    }

    /// Tells of an event in a worker's life.
    ///
    /// - Parameter after: the worker as it is now; nil when it is gone.
    func event(
        _ event: ChildLife.Event, of before: Roster.Member, after: Roster.Member?, _ action: ChildLife.Action
    ) {
        if case .ended(let end) = event { self.ended(end, of: before, action) }
        let logger = self.about(before)
        switch action {
        case .abort:
            let time = before.life.terms.watchdog ?? .zero
            logger.error(
                """
                the worker has shown no progress for \(time.formattedSeconds) and is aborted; where that was no fault \
                of its own, as on an overloaded machine, raise \(Variables.supervisorWatchdog.name)
                """, metadata: Self.process(of: before))
        case .kill:
            let isStuck = before.life.isStuck
            let reason = isStuck ? "is still there after SIGABRT" : "did not drain in time"
            let remedy = isStuck ? "it starts again" : "raise \(Variables.supervisorDrain.name) if it needs longer"
            logger.error("the worker \(reason) and is killed; \(remedy)", metadata: Self.process(of: before))
        default: break
        }
        let isFailing = after?.life.isFailing ?? false
        if isFailing, !before.life.isFailing {
            logger.error(
                """
                the worker is failing: \(RestartIntensity.limit) restarts within \(RestartIntensity.window); see its own \
                lines, it goes on being started
                """)
        } else if before.life.isFailing, !isFailing, after != nil {
            logger.notice("the worker is well again")
        }
    }

    /// Tells what a notice has changed.
    func notice(from before: Roster.Member, after: Roster.Member) {
        let status: Logger.Metadata = ["status": "\(after.status ?? "")"]
        switch (before.life.isReady, after.life.isReady) {
        case (false, true): self.about(after).info("worker ready", metadata: status)
        case (true, false): self.about(after).warning("worker not ready; its status says why", metadata: status)
        case (false, false) where before.status != after.status && after.life.isRunning:
            self.about(after).info("worker not ready yet", metadata: status)
        default: break
        }
    }

    private func ended(_ end: ChildEnd, of member: Roster.Member, _ action: ChildLife.Action) {
        var metadata = Self.process(of: member)
        metadata["end"] = "\(end)"
        let logger = self.about(member)
        switch action {
        case .restart(let delay):
            metadata["again_in"] = "\(delay.formattedSeconds)"
            logger.warning("worker ended, starts again; its own lines say why", metadata: metadata)
        case .stayDown:
            logger.error(
                "worker ended, stays down: its configuration is wrong; correct it, and reload", metadata: metadata)
        case .hold:
            logger.warning("worker ended while its successor starts; its own lines say why", metadata: metadata)
        case .giveUp:
            logger.error("worker ended before it could take over; its own lines say why", metadata: metadata)
        default:
            logger.info("worker stopped", metadata: metadata)
        }
    }

    private func about(_ member: Roster.Member) -> Logger {
        var logger = self.logger
        logger[metadataKey: "worker"] = "\(member.name)"
        return logger
    }

    private static func process(of member: Roster.Member) -> Logger.Metadata {
        member.child.map { ["pid": "\($0.pid)"] } ?? [:]
    }
}

extension ChildLife {
    fileprivate var isStuck: Bool { if case .stuck = self.state { true } else { false } }
    fileprivate var isRunning: Bool { if case .running = self.state { true } else { false } }
}

extension Duration {
    /// Such as `0.47 s`.
    fileprivate var formattedSeconds: String {
        let (seconds, attoseconds) = self.components
        let hundredths = seconds * 100 + attoseconds / 10_000_000_000_000_000
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
    }
}
