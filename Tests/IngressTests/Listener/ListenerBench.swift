import Foundation
import Logging
import Settings
import TestSupport

@testable import Ingress

/// A listener on a free port of the loopback, its receiver, and clients for it.
struct ListenerBench: Sendable {
    static let secret = InboundFixture.appSecret

    /// What a listener bears, the changeable and the fixed.
    @dynamicMemberLookup
    struct Limits {
        var configuration: ListenerConfiguration
        var maxBodyBytes = 4_194_304
        var maxInFlight = 1024

        subscript<Value>(dynamicMember member: WritableKeyPath<ListenerConfiguration, Value>) -> Value {
            get { self.configuration[keyPath: member] }
            set { self.configuration[keyPath: member] = newValue }
        }

        func rules(_ receiver: any WebhookReceiver, signature: SignatureCheck? = nil) -> WebhookRules {
            WebhookRules(
                signature: signature ?? SignatureCheck(secrets: [Secret(ListenerBench.secret)]),
                challenge: VerificationChallenge(verifyToken: Secret("verify-token")), receiver: receiver,
                maxBodyBytes: self.maxBodyBytes, maxInFlight: self.maxInFlight)
        }
    }

    let listener: Listener
    let receiver: ScriptedReceiver

    var port: Int { self.listener.port ?? 0 }

    /// Runs blocking client code on a thread of its own against a listener, which is drained afterwards.
    static func run<Result: Sendable>(
        _ verdict: WebhookVerdict? = .accepted, signature: SignatureCheck? = nil,
        address: ListenerConfiguration.Address = .hostAndPort("127.0.0.1", 0),
        adjust: (inout Limits) -> Void = { _ in },
        answered: @escaping @Sendable (RequestOutcome) -> Void = { _ in },
        _ clients: @escaping @Sendable (ListenerBench) throws -> Result
    ) async throws -> Result {
        try await Self.runAsync(verdict, signature: signature, address: address, adjust: adjust, answered: answered) {
            bench in
            try await Self.onThread { try clients(bench) }
        }
    }

    /// Runs code against a listener, which is drained afterwards.
    ///
    /// - Parameter other: takes the webhooks in place of the bench's own receiver.
    static func runAsync<Result: Sendable>(
        _ verdict: WebhookVerdict? = .accepted, receiving other: (any WebhookReceiver)? = nil,
        signature: SignatureCheck? = nil,
        address: ListenerConfiguration.Address = .hostAndPort("127.0.0.1", 0),
        adjust: (inout Limits) -> Void = { _ in },
        answered: @escaping @Sendable (RequestOutcome) -> Void = { _ in },
        _ work: (ListenerBench) async throws -> Result
    ) async throws -> Result {
        var limits = Limits(configuration: ListenerConfiguration(address: address))
        limits.eventLoops = 2
        limits.drainGrace = .milliseconds(20)
        limits.lingerTime = .seconds(1)
        adjust(&limits)
        let receiver = ScriptedReceiver(verdict)
        let listener = try await Listener.start(
            limits.configuration, rules: limits.rules(other ?? receiver, signature: signature),
            logger: Logger(label: "listener") { _ in SwiftLogNoOpLogHandler() }, requestAnswered: answered)
        do {
            let result = try await work(ListenerBench(listener: listener, receiver: receiver))
            receiver.release()
            await listener.drain(within: .seconds(1))
            return result
        } catch {
            receiver.release()
            await listener.drain(within: .seconds(1))
            throw error
        }
    }

    /// Blocking calls have no place on the threads that run tests.
    static func onThread<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        // A task, so that what fails is told of the test that it belongs to.
        try await Task(executorPreference: ThreadForEachJob()) { try work() }.value
    }

    func client(receiveBuffer: CInt? = nil) throws -> RawClient {
        try RawClient(port: self.port, receiveBuffer: receiveBuffer)
    }

    /// Sends bytes on a connection of their own and reads the first answer.
    func ask(_ head: String, body: String = "") throws -> RawClient.Response? {
        let client = try self.client()
        try client.send(head + body)
        return try client.response()
    }

    /// Runs each job on a thread of its own.
    private final class ThreadForEachJob: TaskExecutor {
        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    /// Whether a good webhook is answered 200 on a new connection.
    func serves() throws -> Bool {
        let client = try self.client()
        try client.send(Self.webhook("{}"))
        return try client.response()?.status == 200
    }

    /// The header's value for a body.
    static func signature(of body: [UInt8], secret: String = Self.secret) -> String {
        WebhookSignature.headerValue(of: body, secret: secret)
    }

    /// A request's head up to and with the empty line.
    static func head(_ line: String, _ headers: [String]) -> String {
        ([line + " HTTP/1.1", "Host: localhost"] + headers).map { $0 + "\r\n" }.joined() + "\r\n"
    }

    /// A signed webhook with its length announced.
    static func webhook(_ body: [UInt8], headers: [String] = []) -> [UInt8] {
        let head = Self.head(
            "POST /webhook",
            ["Content-Length: \(body.count)", "X-Hub-Signature-256: \(Self.signature(of: body))"] + headers)
        return Array(head.utf8) + body
    }

    static func webhook(_ body: String, headers: [String] = []) -> [UInt8] {
        Self.webhook(Array(body.utf8), headers: headers)
    }
}
