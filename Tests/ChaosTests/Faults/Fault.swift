import TestSupport

/// Something bad that happens to the gateway, and for how long.
enum Fault: Hashable, Sendable, CustomStringConvertible {
    /// SIGKILL of the ingress.
    case ingressKilled
    /// SIGTERM of the ingress, whose place the supervisor fills again.
    case ingressTerminated
    /// SIGKILL of nats-server; started again over the same store.
    case natsKilled(for: Duration)
    /// SIGSTOP of nats-server.
    case natsPaused(for: Duration)
    /// SIGKILL of the ingress while nats-server is down.
    case bothKilled(for: Duration)
    /// The stream at its byte limit.
    case streamFull(for: Duration)
    /// nats-server started again without JetStream, then with it.
    case jetStreamOff(for: Duration)
    /// No room on the store's disk; nats-server is killed and started again once there is.
    case diskFull(for: Duration)

    var description: String {
        switch self {
        case .ingressKilled: "SIGKILL of the ingress"
        case .ingressTerminated: "SIGTERM of the ingress"
        case .natsKilled(let hold): "SIGKILL of nats-server, down for \(hold.rounded)"
        case .natsPaused(let hold): "SIGSTOP of nats-server for \(hold.rounded)"
        case .bothKilled(let hold): "SIGKILL of both, nats-server down for \(hold.rounded)"
        case .streamFull(let hold): "stream full for \(hold.rounded)"
        case .jetStreamOff(let hold): "JetStream off for \(hold.rounded)"
        case .diskFull(let hold): "disk full for \(hold.rounded)"
        }
    }
}
