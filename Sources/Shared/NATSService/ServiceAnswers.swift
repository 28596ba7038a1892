import JSONBytes
import NATSClient

/// What an instance of a service says of itself, with what does not change written once.
struct ServiceAnswers: Sendable {
    let ping: [UInt8]
    let info: [UInt8]
    private let identity: ServiceIdentity
    private let endpoints: [ServiceEndpoint]

    init(_ identity: ServiceIdentity, _ endpoints: [ServiceEndpoint]) {
        self.identity = identity
        self.endpoints = endpoints
        self.ping = Self.answer { identity.write(.ping, to: &$0) }
        self.info = Self.answer { answer in
            identity.write(.info, to: &answer)
            answer.member("description", string: identity.description)
            answer.member("endpoints") { list in
                for endpoint in endpoints {
                    list.element { object in
                        object.write(endpoint)
                        object.member("metadata", texts: endpoint.metadata)
                    }
                }
            }
        }
    }

    func answer(to verb: ServiceVerb) -> [UInt8] {
        switch verb {
        case .ping: self.ping
        case .info: self.info
        case .stats: self.stats()
        }
    }

    private func stats() -> [UInt8] {
        Self.answer { answer in
            self.identity.write(.stats, to: &answer)
            answer.member("started", string: self.identity.started.microseconds)
            answer.member("endpoints") { list in
                for endpoint in self.endpoints {
                    let counts = endpoint.tally.counts
                    list.element { object in
                        object.write(endpoint)
                        object.member("num_requests", int: counts.requests)
                        object.member("num_errors", int: counts.errors)
                        object.member("last_error", string: counts.lastError)
                        object.member("processing_time", int: counts.nanoseconds)
                        object.member("average_processing_time", int: counts.average)
                        // Optional by the ADR; NATS' Python client does not read an answer without it.
                        object.member("data", raw: "null".utf8)
                    }
                }
            }
        }
    }

    private static func answer(_ body: (inout JSONObjectWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object(body)
        return writer.bytes
    }
}

extension JSONObjectWriter {
    /// The members that an endpoint has in every answer.
    fileprivate mutating func write(_ endpoint: ServiceEndpoint) {
        self.member("name", string: endpoint.name)
        self.member("subject", string: endpoint.subject)
        self.member("queue_group", string: endpoint.queueGroup ?? "")
    }
}

extension StreamTime {
    /// RFC 3339 in UTC with six digits of a second's fraction: some clients read no other form.
    fileprivate var microseconds: String {
        let seconds = StreamTime(nanoseconds: self.nanoseconds - self.nanoseconds % 1_000_000_000).rfc3339.dropLast()
        let fraction = String(self.nanoseconds % 1_000_000_000 / 1000)
        return "\(seconds).\(String(repeating: "0", count: 6 - fraction.utf8.count))\(fraction)Z"
    }
}
