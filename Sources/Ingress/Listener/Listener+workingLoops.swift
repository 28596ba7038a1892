import Daemon
import NIOCore

extension Listener {
    /// Its event loops, for a watchdog: without one of them its connections are not served.
    var workingLoops: [WorkingLoop] {
        self.eventLoops.enumerated().map { index, eventLoop in
            let pulse = Pulse()
            return WorkingLoop("event-loop-\(index + 1)") {
                self.whileUp { pulse.state } ?? .excused
            } poke: {
                // An event loop that has been shut down takes nothing.
                self.whileUp { eventLoop.execute { pulse.beat() } }
            }
        }
    }
}
