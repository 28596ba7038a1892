import NATSClient

/// What is kept of a `Wa-Idempotency-Key`: that its request runs, or what came of it.
enum IdempotencyRecord: Hashable, Sendable {
    /// Claimed; whoever runs it has ended by that time, in milliseconds since 1970, or has died with its outcome unknown.
    case running(untilMilliseconds: Int)
    /// The reply to the first request, to be given to each that follows.
    case answered(payload: [UInt8], headers: [NATSHeader])

    private static let stateHeader = "Wa-Idempotency-State"
    private static let untilHeader = "Wa-Idempotency-Until"

    /// Reads what a bucket holds; `nil` for what this gateway has not written.
    init?(_ entry: KeyValueBucket.Entry) {
        switch entry.header(Self.stateHeader) {
        case "running":
            guard let until = entry.header(Self.untilHeader).flatMap({ Int($0) }) else { return nil }
            self = .running(untilMilliseconds: until)
        case "answered":
            self = .answered(
                payload: entry.value, headers: entry.headers.filter { $0.name.hasPrefix("Nats-Service-Error") })
        default:
            return nil
        }
    }

    var headers: [NATSHeader] {
        switch self {
        case .running(let until):
            [NATSHeader(Self.stateHeader, "running"), NATSHeader(Self.untilHeader, String(until))]
        case .answered(_, let headers):
            headers + [NATSHeader(Self.stateHeader, "answered")]
        }
    }

    var value: [UInt8] {
        switch self {
        case .running: []
        case .answered(let payload, _): payload
        }
    }
}
