/// What goes wrong between the simulator and its callers; switched at run time.
package struct SimulatorFaults: Hashable, Sendable {
    /// How long it takes until an answer begins: a fixed time, or a range to draw from.
    package var latency: ClosedRange<Duration> = .zero ... .zero
    /// The share of calls, 0…1, that are refused with `error`.
    package var errorRate = 0.0
    package var error = GraphRefusal.standard(131000)
    /// Messages a second that a number may send; more are refused with 130429.
    package var messagesPerSecond: Int?
    /// How many messages may go to one recipient; more are refused with 131056.
    package var pairRate: PairRate?
    /// The HTTP status of 130429 and 131056: 400 as documented, 429 as seen elsewhere.
    package var throttlingStatus = 400
    /// The `Retry-After` header of refusals by `error`, by throttling, and of `.emptyUnavailable`.
    package var retryAfter: String?
    /// What becomes of the answer.
    package var disturbance = Disturbance.none
    /// The share of calls, 0…1, that are disturbed.
    package var disturbanceRate = 1.0
    /// Whether a message whose answer is disturbed was accepted all the same: the case in which it must not be sent
    /// again.
    package var acceptsDisturbed = true

    package init() {}

    /// None but with changes made.
    package static func with(_ change: (inout SimulatorFaults) -> Void) -> SimulatorFaults {
        var faults = SimulatorFaults()
        change(&faults)
        return faults
    }

    /// `burst` messages at once, then one an interval.
    package struct PairRate: Hashable, Sendable {
        package var burst: Int
        package var interval: Duration

        /// Meta's own: 45 at once, then one in 6 s.
        package init(burst: Int = 45, interval: Duration = .seconds(6)) {
            self.burst = burst
            self.interval = interval
        }
    }

    /// What becomes of an answer on its way.
    package enum Disturbance: Hashable, Sendable {
        case none
        /// It never comes; the connection stays open.
        case hang
        /// The connection is reset (RST) in its place.
        case reset
        /// The connection is closed (FIN) in its place.
        case close
        /// It comes in ten pieces, spread over the time.
        case slow(Duration)
        /// Half of its body comes, then the connection is closed.
        case half
        /// A proxy's HTML page with status 502 comes in its place.
        case htmlBadGateway
        /// Status 503 without a body comes in its place.
        case emptyUnavailable
        /// Status 200 with something that is no JSON comes in its place.
        case noJSON
    }
}
