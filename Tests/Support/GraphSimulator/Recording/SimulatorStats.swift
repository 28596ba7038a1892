/// What the simulator has counted since its start.
package struct SimulatorStats: Hashable, Sendable {
    /// Requests to Graph, control requests not among them.
    package internal(set) var received = 0
    /// Messages accepted.
    package internal(set) var accepted = 0
    /// Requests refused with a Graph error.
    package internal(set) var refused = 0
    /// Of the refused: those for 130429 and 131056.
    package internal(set) var throttled = 0
    /// Requests whose answer was disturbed.
    package internal(set) var disturbed = 0
    /// Requests answered from the script.
    package internal(set) var scripted = 0
    /// Requests that have arrived and are not yet answered.
    package internal(set) var inFlight = 0
    /// The most there were of these at one time.
    package internal(set) var mostInFlight = 0
    package internal(set) var connectionsOpened = 0
    package internal(set) var connectionsOpen = 0
    package internal(set) var webhooks = WebhookStats()

    var json: MetaJSON {
        #"""
        {"received":\#(self.received),"accepted":\#(self.accepted),"refused":\#(self.refused),\#
        "throttled":\#(self.throttled),"disturbed":\#(self.disturbed),"scripted":\#(self.scripted),\#
        "in_flight":\#(self.inFlight),"most_in_flight":\#(self.mostInFlight),\#
        "connections_opened":\#(self.connectionsOpened),"connections_open":\#(self.connectionsOpen),\#
        "webhooks":{"posted":\#(self.webhooks.posted),"delivered":\#(self.webhooks.delivered),\#
        "retried":\#(self.webhooks.retried),"given_up":\#(self.webhooks.givenUp),\#
        "pending":\#(self.webhooks.pending)}}
        """#
    }
}

/// What became of the webhooks that the simulator posted.
package struct WebhookStats: Hashable, Sendable {
    /// Attempts, repeated ones included.
    package internal(set) var posted = 0
    /// Webhooks answered 200.
    package internal(set) var delivered = 0
    /// Attempts that were not the first of their webhook.
    package internal(set) var retried = 0
    /// Webhooks for which no attempt is left, or no room was.
    package internal(set) var givenUp = 0
    /// Webhooks that are neither delivered nor given up.
    package internal(set) var pending = 0
}
