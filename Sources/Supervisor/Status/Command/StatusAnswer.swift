import Daemon
import Settings

/// What came of asking for the status.
enum StatusAnswer: Sendable {
    case status(SupervisorStatus)
    case failed(AskFailure)
    /// Somebody else is there, or an older supervisor.
    case foreign(status: Int)
    /// The address is `off`.
    case off

    /// Asks; returns within the time, whatever a name server or a supervisor does.
    static func ask(_ address: AdminAddress, within patience: Duration) -> StatusAnswer {
        if address == .off { return .off }
        let deadline = ContinuousClock.now + patience
        let box = AnswerBox()
        startThread(named: "asking") { box.put(Self.ask(address, until: deadline)) }
        // The thread keeps the time itself, unless a name server does not.
        return box.take(within: patience + .milliseconds(100)) ?? .failed(.timeout)
    }

    /// Why there is no status; for one line.
    func problem(at place: AdminPlace) -> String {
        let address = "\(place.address)"
        let text =
            switch self {
            case .status: "the supervisor at \(address) has answered"
            case .failed(.unreachable):
                "no supervisor at \(address): nobody listens there, or this user may not connect"
            case .failed(.timeout): "no supervisor at \(address): no answer within 5 s"
            case .failed(.malformed): "no supervisor at \(address): what answers there speaks no HTTP"
            case .failed(.tooLarge): "no supervisor at \(address): what answers there has no end"
            case .foreign(let status):
                "no supervisor at \(address): what answers there (HTTP status \(status)) says nothing of workers"
            case .off: "SUPERVISOR_ADMIN is off: the supervisor shows nothing"
            }
        let unread = place.unread.map { "; \($0) cannot be read, which may name another address (--admin)" }
        return text + unread.joined()
    }

    private static func ask(_ address: AdminAddress, until deadline: ContinuousClock.Instant) -> StatusAnswer {
        var answer = StatusAnswer.failed(.unreachable)
        for address in Self.sockets(of: address) {
            let time = deadline - .now
            guard time > .zero else { return .failed(.timeout) }
            let limits = AskingRound.Limits(atOnce: 1, each: time, all: time, bytes: 64 << 20, allBytes: 64 << 20)
            switch AskingRound.ask([address], for: "/status", within: limits)[0] ?? .failed(.timeout) {
            case .answered(200, let body):
                return SupervisorStatus(json: body).map { .status($0) } ?? .foreign(status: 200)
            case .answered(let status, _): return .foreign(status: status)
            case .failed(.unreachable): answer = .failed(.unreachable)
            case .failed(let failure): return .failed(failure)
            }
        }
        return answer
    }

    private static func sockets(of address: AdminAddress) -> [SocketAddress] {
        switch address {
        case .tcp(let address): SocketAddress.all(of: address.host, port: address.port)
        case .unix(let path): [SocketAddress(unix: path)].compactMap { $0 }
        case .off: []
        }
    }
}

/// A place where one thread leaves an answer, and another waits for it.
private final class AnswerBox: Sendable {
    private let monitor = Monitor()
    // `nonisolated(unsafe)`: touched under the monitor's lock alone.
    private nonisolated(unsafe) var answer: StatusAnswer?

    func put(_ answer: StatusAnswer) {
        self.monitor.lock()
        self.answer = answer
        self.monitor.wake()
        self.monitor.unlock()
    }

    /// Nil where there is none in time.
    func take(within limit: Duration) -> StatusAnswer? {
        self.monitor.lock()
        defer { self.monitor.unlock() }
        self.monitor.sleep(atMost: limit) { self.answer == nil }
        return self.answer
    }
}
