import JSONBytes

/// What a stream is created with; an existing stream is only compared with it.
package struct StreamConfiguration: Hashable, Sendable {
    /// When the server takes a message away, in its own words.
    package enum Retention: String, Sendable {
        case limits
        case workQueue = "workqueue"
    }

    /// Where the server keeps the messages, in its own words.
    package enum Storage: String, Sendable, CaseIterable {
        case file
        case memory
    }

    package var name: String
    package var subjects: [String]
    package var retention: Retention
    package var storage: Storage
    /// How many servers hold the stream, 1–5.
    package var replicas: Int
    /// How long a message is kept; `nil` for ever.
    package var maximumAge: Duration?
    /// How many bytes are kept; `nil` without a bound. A full stream refuses (discard new).
    package var maximumBytes: Int?
    /// How long a `Nats-Msg-Id` is remembered; never above `maximumAge`.
    package var dedupeWindow: Duration
    /// The largest message, in bytes; `nil` leaves it to the server's `max_payload`.
    package var maximumMessageBytes: Int?
    /// Whether the stream is a key-value bucket (NATS ADR-8): one message a subject, read straight from any replica.
    package var isKeyValue = false

    package init(
        name: String, subjects: [String], retention: Retention, storage: Storage, replicas: Int,
        maximumAge: Duration? = nil, maximumBytes: Int? = nil, dedupeWindow: Duration, maximumMessageBytes: Int? = nil
    ) {
        self.name = name
        self.subjects = subjects
        self.retention = retention
        self.storage = storage
        self.replicas = replicas
        self.maximumAge = maximumAge
        self.maximumBytes = maximumBytes
        self.dedupeWindow = dedupeWindow
        self.maximumMessageBytes = maximumMessageBytes
    }

    /// The body of `$JS.API.STREAM.CREATE.<name>`; durations are nanoseconds there.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("name", string: self.name)
            object.member(
                "subjects",
                array: { array in
                    for subject in self.subjects {
                        array.element(string: subject)
                    }
                })
            object.member("retention", string: self.retention.rawValue)
            object.member("storage", string: self.storage.rawValue)
            object.member("discard", string: "new")
            object.member("num_replicas", int: self.replicas)
            object.member("max_age", int: self.maximumAge?.nanoseconds ?? 0)
            object.member("max_bytes", int: self.maximumBytes ?? -1)
            object.member("max_msg_size", int: self.maximumMessageBytes ?? -1)
            object.member("duplicate_window", int: self.dedupeWindow.nanoseconds)
            if self.isKeyValue {
                object.member("max_msgs_per_subject", int: 1)
                object.member("allow_direct", bool: true)
                object.member("allow_rollup_hdrs", bool: true)
                object.member("deny_delete", bool: true)
            }
        }
        return writer.bytes
    }
}

extension Duration {
    /// Whole nanoseconds, as JetStream counts durations.
    var nanoseconds: Int {
        let (seconds, attoseconds) = self.components
        return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
    }
}
