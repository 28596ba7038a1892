import CSystemd
import Glibc
import Synchronization

/// Tells the service manager, systemd or the supervisor, how this process is doing; does nothing without
/// `NOTIFY_SOCKET`.
///
/// Notices go out in order from a thread of their own: `sd_notify` blocks while nobody reads the other end, so it must
/// never be called on an event loop or on a thread of Swift's pool. None of the methods waits.
///
/// Readiness is told anew whenever it changes: ``ready(_:)`` while this process can serve, ``notReady(_:)`` while it
/// cannot. systemd takes the first `READY=1` and shows the status; the supervisor follows every change.
package final class Notifier: Sendable {
    private let outbox: NoticeOutbox?
    /// Whether the manager takes the process for started.
    private let hasBeenReady = Atomic<Bool>(false)

    /// - Parameter send: passes one notice on; may block. By default libsystemd's `sd_notify`, when `NOTIFY_SOCKET` is
    ///   set.
    package init(send: (@Sendable (String) -> Void)? = Notifier.systemd) {
        guard let send else {
            self.outbox = nil
            return
        }
        let outbox = NoticeOutbox()
        self.outbox = outbox
        startThread {
            while let notice = outbox.next() { send(notice) }
        }
    }

    deinit {
        self.outbox?.close()
    }

    /// This process can serve; `status` says in a few words what it does.
    package func ready(_ status: String) {
        self.hasBeenReady.store(true, ordering: .relaxed)
        self.outbox?.post("READY=1\nSTATUS=\(Self.oneLine(status))")
    }

    /// This process cannot serve, yet or for the time being; `reason` says what it waits for, without a secret.
    package func notReady(_ reason: String) {
        self.outbox?.post("STATUS=\(Self.oneLine(reason))")
    }

    /// The drain has begun.
    package func stopping(_ status: String) {
        self.outbox?.post("STOPPING=1\nSTATUS=\(Self.oneLine(status))")
    }

    /// The configuration is being read anew, from this moment on; `reloaded` is to follow.
    ///
    /// A process that has not been ready yet says nothing: the manager would take the end of the reload for that of the
    /// start.
    package func reloading(_ status: String) {
        guard self.hasBeenReady.load(ordering: .relaxed) else { return }
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        // Without the time systemd 253 and later would take a READY=1 that is still on its way for the end of the reload.
        let microseconds = time.tv_sec * 1_000_000 + time.tv_nsec / 1000
        self.outbox?.post("RELOADING=1\nMONOTONIC_USEC=\(microseconds)\nSTATUS=\(Self.oneLine(status))")
    }

    /// The reload is over, whether it changed anything or not; systemd waits for this `READY=1` also where the process
    /// cannot serve just now, which `status` then says.
    package func reloaded(_ status: String) {
        guard self.hasBeenReady.load(ordering: .relaxed) else { return }
        self.outbox?.post("READY=1\nSTATUS=\(Self.oneLine(status))")
    }

    /// This process works; to be told more often than `watchdogTimeout`.
    package func keepAlive() {
        self.outbox?.post("WATCHDOG=1")
    }

    /// Asks for more time to start or stop: the manager is to wait this long from now.
    package func extendTimeout(by time: Duration) {
        self.outbox?.post("EXTEND_TIMEOUT_USEC=\(max(0, time.components.seconds) * 1_000_000)")
    }

    /// Has the manager wait for as long as its task is not cancelled; for a drain, since `SUPERVISOR_DRAIN_MS` may be
    /// longer than the manager's own patience.
    package func keepExtendingTimeout() async {
        while !Task.isCancelled {
            self.extendTimeout(by: .seconds(15))
            try? await Task.sleep(for: .seconds(5))
        }
    }

    /// Waits until every notice is passed on, for at most `time`; for the last words of a process.
    package func flush(within time: Duration) {
        self.outbox?.waitUntilEmpty(within: time)
    }

    /// libsystemd's `sd_notify`; nil without `NOTIFY_SOCKET`.
    package static var systemd: (@Sendable (String) -> Void)? {
        guard getenv("NOTIFY_SOCKET") != nil else { return nil }
        return { notice in _ = sd_notify(0, notice) }
    }

    /// After how long without `keepAlive` the service manager takes this process for stuck; nil where it does not watch.
    package static var watchdogTimeout: Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    /// systemd passes over a notice of more than 4096 bytes, `READY=1` and all.
    private static let longestStatus = 1000

    /// The text in one line, cut after 1,000 characters.
    private static func oneLine(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(Self.longestStatus)
        return String(String.UnicodeScalarView(scalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }
}
