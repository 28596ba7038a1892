import NIOCore

/// Where the listener listens and what it bears, for as long as it lives; what can change is in `WebhookRules`.
struct ListenerConfiguration: Sendable {
    enum Address: Hashable, Sendable {
        /// A host's name or address, and a port; port 0: any that is free.
        case hostAndPort(String, Int)
        /// A listening stream socket that was inherited. The listener owns it from then on.
        case descriptor(CInt)
    }

    var address: Address
    /// Threads that serve connections; one of them accepts as well.
    var eventLoops = System.coreCount
    /// Bytes of bodies above `unreservedBodyBytes` that are held at once, over all connections; never less than one
    /// body of the largest size allowed. While it is used up, connections with such bodies are not read from.
    var maxHeldBytes = 16 << 20
    /// As much of a body is read without a share of `maxHeldBytes` (and as much again as one read brings, 16 KiB).
    var unreservedBodyBytes = 8 << 10
    /// Bytes a second: a body that comes slower loses its share of `maxHeldBytes` while others wait for theirs; 408.
    var minContendedRate = 128 << 10
    /// Open connections; one more and the oldest idle one is closed.
    var maxConnections = 4096
    /// Names and values of a request's headers, and its target; more get 431.
    var maxHeaderBytes = 16 << 10
    /// From a request's first byte to its last, however the bytes come; then 408. A connection that has sent nothing
    /// at all is closed after as long.
    var requestTime = Duration.seconds(10)
    /// How long a connection is kept without a request: longer than the 60 s of most load balancers, so that it is
    /// they who close.
    var idleTime = Duration.seconds(75)
    /// How long after the last answer the rest of what a client sends is swallowed, so that it can read the answer.
    var lingerTime = Duration.seconds(2)
    /// How long a drain waits for a request on connections without one, which may be on its way.
    var drainGrace = Duration.milliseconds(500)
    /// What `Retry-After` says when the listener itself has no room.
    var retryAfterSeconds = 1
    /// Connections the kernel holds until they are accepted.
    var backlog: Int32 = 4096

    /// How often deadlines are looked at: a fortieth of the shortest, 10 to 250 ms.
    var tickInterval: Duration {
        let shortest = min(self.requestTime, self.idleTime, self.lingerTime, self.drainGrace)
        return max(.milliseconds(10), min(.milliseconds(250), shortest / 40))
    }
}
