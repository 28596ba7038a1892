import CNATS
import Glibc
import Synchronization

/// One connection of the client library, from connect to close; touched by the link's thread alone.
final class LinkSession {
    let connection: OpaquePointer
    private let link: Link
    private var socket: LinkSocket?
    private var liveness = Liveness(from: .now)
    /// Bytes handed to the client library since it was last asked to write.
    private var unwritten = 0
    /// Since when the socket has taken nothing of what is to be written.
    private var blockedSince: ContinuousClock.Instant?
    private let subscriptions: Subscriptions
    private var writer = MessageWriter()

    private init(_ link: Link, _ connection: OpaquePointer) {
        self.link = link
        self.connection = connection
        self.subscriptions = Subscriptions(connection, inbox: link.inbox, pulse: link.deliveries)
    }

    /// Connects and subscribes; answers once the server has taken the connection, or an error within a few seconds.
    static func open(_ link: Link, subscriptions: [NATSSubscription]) -> Result<LinkSession, NATSError> {
        var options: OpaquePointer?
        if let error = NATSError(natsOptions_Create(&options), "NATS options") { return .failure(error) }
        defer { natsOptions_Destroy(options) }
        guard let options else { return .failure(NATSError(.disconnected, "NATS options")) }
        if let error = link.options.apply(to: options, of: link) { return .failure(error) }

        var connection: OpaquePointer?
        if let error = NATSError(natsConnection_Connect(&connection, options), "connect") { return .failure(error) }
        guard let connection else { return .failure(NATSError(.disconnected, "connect")) }
        let session = LinkSession(link, connection)
        session.followSocket()
        link.maximumPayload.store(session.maximumPayload, ordering: .releasing)

        if let error = session.subscriptions.begin(with: subscriptions) {
            session.close()
            return .failure(error)
        }
        return .success(session)
    }

    var maximumPayload: Int { Int(natsConnection_GetMaxPayload(self.connection)) }

    /// Whether there is a socket; without one the client library has lost the connection, and makes another.
    var isAttached: Bool { self.socket != nil }

    /// Whether the socket takes no more for now: what is published meanwhile would be kept without a bound.
    var isBlocked: Bool { self.blockedSince != nil }

    // MARK: Writing

    func publish(_ message: OutgoingMessage, reply: String?) -> NATSError? {
        let status = self.writer.publish(message, reply: reply, on: self.connection)
        if let error = NATSError(status, "publish to \(message.subject)") { return error }
        self.unwritten += message.payload.count + 256
        if self.unwritten >= Self.writtenTogether { self.write() }
        return nil
    }

    /// Writes what the socket takes, without waiting.
    func write() {
        self.unwritten = 0
        guard self.socket != nil, self.link.watch.wantsWrite else {
            self.blockedSince = nil
            return
        }
        natsConnection_ProcessWriteEvent(self.connection)
        self.followSocket()
        self.blockedSince = self.socket != nil && self.link.watch.wantsWrite ? .now : nil
    }

    // MARK: Reading

    /// What to wait for beside the queue's bell; `nil` without a connection.
    var awaited: pollfd? { self.socket?.awaited(writing: self.isBlocked) }

    /// When to tell `due`.
    var nextDue: ContinuousClock.Instant {
        guard let blockedSince = self.blockedSince else { return self.liveness.next }
        return min(self.liveness.next, blockedSince + Self.writeDeadline)
    }

    /// The wait is over, with what `poll` said.
    func happened(_ events: Int16) {
        if events & Int16(POLLOUT) != 0 { self.write() }
        guard events & ~Int16(POLLOUT) != 0, let socket = self.socket, socket.isWorthReading(events) else { return }
        natsConnection_ProcessReadEvent(self.connection)
        self.liveness.heard()
        self.followSocket()
        self.subscriptions.deliver()
    }

    /// Time has passed.
    func due(at now: ContinuousClock.Instant) {
        guard let socket = self.socket else { return }
        if let blockedSince = self.blockedSince, now - blockedSince >= Self.writeDeadline { return socket.breakOff() }
        switch self.liveness.due(at: now) {
        case .nothing: break
        case .ask:
            // A message to ourselves that nobody waits for. The client library's own question comes from a thread of its
            // timers, which may close the socket that this one reads from.
            _ = self.publish(OutgoingMessage(subject: self.link.inbox.prefix + "0", payload: []), reply: nil)
            self.write()
        case .giveUp: socket.breakOff()
        }
    }

    /// Takes note of what the client library has done with its socket.
    func followSocket() {
        switch self.link.watch.takeNews() {
        case .none: break
        case .gone:
            self.socket = nil
            self.blockedSince = nil
        case .attached(let descriptor):
            self.socket = LinkSocket(descriptor, usesTLS: self.link.options.usesTLS)
            self.blockedSince = nil
            self.liveness = Liveness(from: .now)
        }
    }

    // MARK: Subscriptions

    func subscribe(_ subscription: NATSSubscription) -> NATSError? { self.subscriptions.add(subscription) }

    /// Starts the drain of a subscription; answers false where there is nothing to wait for.
    ///
    /// Calls back on any thread when what the server has sent for it has been delivered.
    func drain(_ subscription: NATSSubscription, delivered: @escaping @Sendable () -> Void) -> Bool {
        guard self.socket != nil, self.subscriptions.drain(subscription) else { return false }
        // The server takes the end of the subscription first, then this: before it comes whatever it had sent.
        return self.mark(delivered)
    }

    /// All of a drained subscription has been delivered.
    func drained(_ subscription: NATSSubscription) {
        self.subscriptions.drained(subscription)
    }

    /// Publishes a message to ourselves and calls back on any thread when it has come, or never can.
    func mark(_ callback: @escaping @Sendable () -> Void) -> Bool {
        let inbox = self.link.inbox
        let reply = SingleReply(by: .now + .seconds(60)) { _ in callback() }
        guard let number = inbox.expect(reply)?.first else { return false }
        let message = OutgoingMessage(subject: inbox.prefix + String(number), payload: [])
        if let error = self.publish(message, reply: nil) { inbox.fail(number, error) }
        return true
    }

    // MARK: The end

    /// The client library has given the connection up (two refused log-ins in a row do that): let go of it.
    func abandon() {
        self.subscriptions.destroy()
        natsConnection_Destroy(self.connection)
    }

    /// Closes; the client library tells of it later.
    func close() {
        // What is left unwritten the client library would write itself, and wait for an answer that only this thread reads.
        self.write()
        natsConnection_Close(self.connection)
        self.followSocket()
        self.subscriptions.destroy()
        natsConnection_Destroy(self.connection)
    }

    /// How many bytes are gathered before they are written, at most: more costs memory and saves no time.
    private static let writtenTogether = 64 * 1024
    /// After which time without a byte taken the connection is given up.
    private static let writeDeadline = Duration.seconds(5)
}
