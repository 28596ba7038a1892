package import Daemon
import Synchronization

extension NATSConnection {
    /// Its threads, for a watchdog: without them nothing is published, and nobody learns what NATS has answered.
    ///
    /// While NATS is away none is to blame, and a thread that waits for a socket has as long as the client library gives
    /// that.
    package var workingLoops: [WorkingLoop] {
        let (link, sweeps, sweeping) = (self.link, self.sweeps, self.sweeping)
        return [
            WorkingLoop("nats-link", patience: Self.writePatience) {
                link.isConnected.load(ordering: .relaxed) ? link.pulse.state : .excused
            } poke: {
                link.mailbox.post(.poke)
            },
            WorkingLoop("nats-deliveries") { link.deliveries.state },
            WorkingLoop("nats-deadlines") {
                sweeps.state
            } poke: {
                sweeping.post(true)
            },
        ]
    }

    /// The write deadline of 5 s, and what a busy machine adds to it.
    private static let writePatience = Duration.seconds(8)
}
