import Addressing
import InMemoryTracing
import NATSClient
import NATSTestSupport
import Prometheus
import Settings
import TestSupport
import TraceContext
import Tracing

@testable import Egress
@testable import Ingress

/// An ingress' publisher and an egress' lanes over one nats-server, with a tracer that keeps what they tell it.
struct TracedGateway: Sendable {
    static let phone = "447700900123"
    static let text = "a text of nobody's business"
    static let account = AccountName("my_account")!
    private static let number = PhoneNumberID("106540352242922")!
    private static let token = Secret("EAAGsecretTokenOfMine")

    let tracer = RecordingTracer()
    let graph = AnsweringTransport()
    let nats: NATSConnection
    private let gate: StreamGate
    private let delivery: IngressDelivery

    /// Runs one for as long as the closure takes.
    ///
    /// - Parameter delivery: as `INGRESS_DELIVERY` has it.
    static func running(
        delivery: IngressDelivery = .jetstream, _ body: (TracedGateway) async throws -> Void
    ) async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                var reader = SettingsReader(SettingsSource(variables: [:]))
                let streams = StreamSettings(from: &reader)
                let gate = StreamGate(connection: connection, delivery: delivery, streams: streams, logger: .quiet)
                _ = await gate.check()
                let gateway = TracedGateway(connection, gate, delivery)
                let queues = QueueStreams(connection: connection, settings: streams)
                let lanes = gateway.lanes(over: connection, queues)
                _ = try await queues.check()
                try await withThrowingDiscardingTaskGroup { group in
                    group.addTask { await lanes.run() }
                    do {
                        try await eventually("the lane is held") { lanes.queueStanding.isPulling }
                        try await body(gateway)
                        await lanes.stop(by: .now + .seconds(2))
                        queues.stop()
                    } catch {
                        await lanes.stop(by: .now + .seconds(2))
                        queues.stop()
                        throw error
                    }
                }
            }
        }
    }

    private init(_ connection: NATSConnection, _ gate: StreamGate, _ delivery: IngressDelivery) {
        self.nats = connection
        self.gate = gate
        self.delivery = delivery
    }

    private var traces: Traces { Traces(instrument: self.tracer, tracer: self.tracer) }

    private func lanes(over connection: NATSConnection, _ streams: QueueStreams) -> AccountLanes {
        AccountLanes(
            ServedAccount(
                name: Self.account, phoneNumberID: Self.number, accessToken: Self.token, ratePerSecond: 80),
            limits: SendLimits(), callTime: .seconds(5), maximumHeld: 100, transport: self.graph,
            connection: connection, streams: streams, worker: .onThisHost(),
            metrics: PrometheusRegistry(), traces: self.traces, logger: .quiet)
    }

    /// A webhook with one text message.
    static var webhook: [UInt8] { self.webhook(text: self.text) }

    static func webhook(text: String) -> [UInt8] {
        let message =
            #"{"from":"\#(self.phone)","id":"wamid.1","timestamp":"1","type":"text","text":{"body":"\#(text)"}}"#
        let value = #"{"metadata":{"phone_number_id":"\#(self.number.value)"},"messages":[\#(message)]}"#
        return Array(
            (#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":\#(value),"#
                + #""field":"messages"}]}]}"#).utf8)
    }

    static var message: [UInt8] { Array(#"{"to":"\#(self.phone)","text":"\#(self.text)"}"#.utf8) }

    /// - Parameter traces: in place of the tracer's.
    func post(
        _ body: [UInt8] = Self.webhook, _ trace: TraceHeaders = .none, traces: Traces? = nil
    ) async -> WebhookVerdict {
        let publisher = WebhookPublisher(
            connection: self.nats,
            accounts: [Account(name: Self.account, phoneNumberID: Self.number, accessToken: nil)], gate: self.gate,
            delivery: self.delivery, ackTimeout: .seconds(5), warnings: WebhookWarnings(.quiet),
            metrics: EventMetrics([Self.account], in: PrometheusRegistry()), traces: traces ?? self.traces,
            logger: .quiet)
        return await withCheckedContinuation { continuation in
            publisher.receive(body, trace: trace) { continuation.resume(returning: $0) }
        }
    }

    /// Everything that any span says, in one text.
    var everythingSaid: String {
        var said: [String] = []
        for span in self.tracer.spans {
            said.append(span.operationName)
            span.attributes.forEach { key, value in said.append("\(key)=\(value)") }
            said.append("\(String(describing: span.status)) \(span.errors) \(span.events)")
        }
        return said.joined(separator: "\n")
    }
}
