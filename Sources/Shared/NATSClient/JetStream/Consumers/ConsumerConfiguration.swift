import JSONBytes

/// What a pull consumer is created with.
package struct ConsumerConfiguration: Hashable, Sendable {
    /// Which deliveries the server wants acked, in its own words.
    package enum AckPolicy: String, Sendable {
        case explicit
        case none
    }

    /// Which message is the first.
    package enum Start: Hashable, Sendable {
        case all
        /// The first that was stored then or later.
        case at(StreamTime)
    }

    /// The name of a durable consumer; `nil` for an ephemeral one, to which the server gives a name.
    package var durableName: String?
    package var filterSubject: String
    package var ackPolicy: AckPolicy
    /// How long a delivery may go without an ack before it is delivered again.
    package var ackWait: Duration
    /// How often a message is delivered at most; `nil` without a bound.
    package var maximumDeliveries: Int?
    /// How many deliveries may wait for their acks; `nil` without a bound.
    package var maximumPendingAcks: Int?
    package var start: Start
    /// Without a pull for so long the server deletes the consumer; `nil` leaves it to the server: 5 s for an ephemeral
    /// one, never for a durable one.
    package var inactiveThreshold: Duration?
    /// Whether the consumer's state is kept in memory, also where the stream is kept in files.
    package var isInMemory: Bool
    /// How many servers hold the consumer's state; `nil` for as many as hold the stream.
    package var replicas: Int?

    package init(
        durableName: String?, filterSubject: String, ackPolicy: AckPolicy = .explicit, ackWait: Duration = .seconds(30),
        maximumDeliveries: Int? = nil, maximumPendingAcks: Int? = nil, start: Start = .all,
        inactiveThreshold: Duration? = nil, isInMemory: Bool = false, replicas: Int? = nil
    ) {
        self.durableName = durableName
        self.filterSubject = filterSubject
        self.ackPolicy = ackPolicy
        self.ackWait = ackWait
        self.maximumDeliveries = maximumDeliveries
        self.maximumPendingAcks = maximumPendingAcks
        self.start = start
        self.inactiveThreshold = inactiveThreshold
        self.isInMemory = isInMemory
        self.replicas = replicas
    }

    /// The body of `$JS.API.CONSUMER.DURABLE.CREATE` and `.CREATE`; durations are nanoseconds there.
    func json(stream: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { request in
            request.member("stream_name", string: stream)
            request.member("config", object: self.write(to:))
        }
        return writer.bytes
    }

    private func write(to object: inout JSONObjectWriter) {
        if let durableName { object.member("durable_name", string: durableName) }
        object.member("filter_subject", string: self.filterSubject)
        object.member("ack_policy", string: self.ackPolicy.rawValue)
        if self.ackPolicy == .explicit {
            object.member("ack_wait", int: self.ackWait.nanoseconds)
            object.member("max_ack_pending", int: self.maximumPendingAcks ?? -1)
        }
        object.member("max_deliver", int: self.maximumDeliveries ?? -1)
        object.member("replay_policy", string: "instant")
        switch self.start {
        case .all:
            object.member("deliver_policy", string: "all")
        case .at(let time):
            object.member("deliver_policy", string: "by_start_time")
            object.member("opt_start_time", string: time.rfc3339)
        }
        if let inactiveThreshold { object.member("inactive_threshold", int: inactiveThreshold.nanoseconds) }
        if self.isInMemory { object.member("mem_storage", bool: true) }
        if let replicas { object.member("num_replicas", int: replicas) }
    }
}
