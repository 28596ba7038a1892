import Daemon
import Logging
import NATSClient
import Settings
import Synchronization

/// Whether webhooks may be taken: NATS answers and, where they are to be stored, `WHATSAPP_IN` keeps its promises.
final class StreamGate: Sendable {
    /// Meta repeats a webhook for days; a window under an hour would store most repeats again.
    private static let minimumDedupeWindow = Duration.seconds(3600)

    private let connection: NATSConnection
    private let stream: StreamConfiguration?
    private let logger: Logger
    private let open = Atomic<Bool>(false)
    private let problems = Mutex<[String]>([])
    /// The stream's latest refusal of an event for want of room.
    private let refusal = Mutex<(reason: String, at: ContinuousClock.Instant)?>(nil)
    /// JetStream's error codes for a stream, or a server, that has no room.
    private static let fullCodes: Set<Int> = [10023, 10028, 10047, 10077]
    /// For so long a refusal counts: whether the stream takes events again only an event can tell.
    private static let refusalLifetime = Duration.seconds(10)

    init(connection: NATSConnection, delivery: IngressDelivery, streams: StreamSettings, logger: Logger) {
        self.connection = connection
        self.logger = logger
        switch delivery {
        case .core: self.stream = nil
        case .jetstream:
            self.stream = StreamConfiguration(
                name: "WHATSAPP_IN", subjects: ["whatsapp.*.in.>", "whatsapp.event.*"], retention: .limits,
                storage: streams.storage == .memory ? .memory : .file, replicas: streams.replicas,
                maximumAge: streams.maxAge, maximumBytes: streams.maxBytes, dedupeWindow: streams.dedupeWindow)
        }
        if streams.storage == .memory, self.stream != nil {
            logger.warning(
                "STREAM_STORAGE=memory: what WHATSAPP_IN holds is lost when nats-server stops; to keep it, set file and make the stream anew"
            )
        }
    }

    /// The stream has not taken an event, which matters where it is full; webhooks go on being tried.
    func refused(_ error: NATSError) {
        guard Self.fullCodes.contains(error.jetStreamCode ?? 0) else { return }
        self.refusal.withLock { $0 = ("\(error)", .now) }
    }

    /// Whether the latest check found nothing wrong.
    var isOpen: Bool { self.open.load(ordering: .relaxed) }

    /// Looks at NATS and the stream, makes the stream if it is missing, and opens or closes the gate.
    ///
    /// - Returns: the checks `nats` and, where there is to be a stream, `stream WHATSAPP_IN`.
    func check() async -> [ReadinessCheck] {
        guard self.connection.isConnected else {
            return self.checks(nats: .unknown("waiting for NATS at \(self.connection.hosts)"))
        }
        do throws(NATSError) {
            try await self.connection.roundTrip(timeout: .seconds(2))
        } catch {
            return self.checks(nats: .unknown("NATS at \(self.connection.hosts): \(error)"))
        }
        let problems: [String]
        do throws(NATSError) {
            problems = try await self.problemsOfStream()
        } catch {
            // Out of reach is not wrong: requests find out by themselves.
            return self.checks(nats: .holds, stream: .unknown("JetStream at \(self.connection.hosts): \(error)"))
        }
        self.open.store(problems.isEmpty, ordering: .relaxed)
        self.tell(problems)
        return self.checks(nats: .holds, stream: .of(problems + self.refusals(now: .now)))
    }

    private func refusals(now: ContinuousClock.Instant) -> [String] {
        guard let stream = self.stream, let refusal = self.refusal.withLock({ $0 }),
            now - refusal.at < Self.refusalLifetime
        else { return [] }
        return ["stream \(stream.name) refuses events: \(refusal.reason)"]
    }

    private func checks(nats: ReadinessCheck.Finding, stream: ReadinessCheck.Finding? = nil) -> [ReadinessCheck] {
        guard let wanted = self.stream else { return [ReadinessCheck("nats", nats)] }
        return [ReadinessCheck("nats", nats), ReadinessCheck("stream \(wanted.name)", stream ?? nats)]
    }

    private func problemsOfStream() async throws(NATSError) -> [String] {
        guard let wanted = self.stream else { return [] }
        let jetStream = JetStream(self.connection, timeout: .seconds(2))
        do throws(NATSError) {
            let problems = try await jetStream.streamMadeIfMissing(wanted)
                .problems(for: wanted, minimumDedupeWindow: min(Self.minimumDedupeWindow, wanted.dedupeWindow))
            return problems.isEmpty ? [] : problems + (await self.rivals(of: wanted, jetStream))
        } catch {
            switch error.code {
            case .noResponders:
                return ["NATS has no JetStream: switch it on, or set INGRESS_DELIVERY=core"]
            case .refused:
                return ["stream \(wanted.name): \(error)"] + (await self.rivals(of: wanted, jetStream))
            default:
                throw error
            }
        }
    }

    /// Names the other streams that hold subjects of ours.
    private func rivals(of wanted: StreamConfiguration, _ jetStream: JetStream) async -> [String] {
        var names: Set<String> = []
        for subject in wanted.subjects {
            names.formUnion((try? await jetStream.streams(covering: subject)) ?? [])
        }
        names.remove(wanted.name)
        return names.sorted().map { "stream \($0) holds subjects of \(wanted.name)" }
    }

    private func tell(_ problems: [String]) {
        let news = self.problems.withLock { last in
            defer { last = problems }
            return problems.filter { !last.contains($0) }
        }
        for problem in news {
            self.logger.error("webhooks are refused: \(problem); put that right")
        }
    }
}
