package import CLinux
import Glibc

/// The signals by which a process is told to stop, taken one by one on the main thread.
package enum StopSignals {
    /// Blocks the signals that the main thread waits for; must come before any thread is started, which inherits that,
    /// and before anything that takes time, in which a stop would kill. Once more does no harm.
    package static func block() {
        var set = Self.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
        var alarms = sigset_t()
        sigemptyset(&alarms)
        sigaddset(&alarms, SIGALRM)
        signal(SIGALRM, SIG_DFL)
        pthread_sigmask(SIG_UNBLOCK, &alarms, nil)
    }

    /// Has the signals act as they do by default; for a command that serves nothing, which they may end at any moment.
    package static func unblock() {
        var set = Self.set
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// SIGTERM and SIGINT; and SIGHUP, which asks for a reload and must not kill.
    package static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, signal) }
        return set
    }

    /// A SIGTERM or SIGINT that has come already; does not wait.
    static func pendingStop() -> Int32? {
        var pending = sigset_t()
        sigpending(&pending)
        return [SIGTERM, SIGINT].first { sigismember(&pending, $0) == 1 }
    }

    /// Waits for the next of the signals; blocks the calling thread.
    static func next() -> Int32 {
        var set = Self.set
        while true {
            let signal = sigwaitinfo(&set, nil)
            if signal > 0 { return signal }
        }
    }

    /// The name of a signal, such as `SIGKILL`.
    package static func name(of signal: Int32) -> String {
        linux_signal_name(signal).map { "SIG" + String(cString: $0) } ?? "signal \(signal)"
    }
}

/// The end of a drain that does not end by itself: SIGALRM, which kills whatever the rest of the process does.
package enum DrainAlarm {
    /// How much longer than the drain time a process may live.
    package static let grace = Duration.seconds(2)

    /// Sets the alarm to the drain time and the grace from now, in whole seconds rounded up.
    package static func set(drain: Duration) {
        let time = max(.zero, drain) + Self.grace
        let seconds = time.components.seconds + (time.components.attoseconds > 0 ? 1 : 0)
        alarm(UInt32(clamping: seconds))
    }
}
