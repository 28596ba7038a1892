import Daemon
import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// The HTTP side of the ingress: takes webhooks in, checks them, and hands them to a receiver.
final class Listener: Sendable {
    /// The port it listens on; nil for a socket without ports.
    let port: Int?

    private let resources: ListenerResources
    private let group: MultiThreadedEventLoopGroup
    private let server: any Channel
    private let loops: [NIOLoopBound<LoopConnections>]
    private let hasDrained = Atomic(false)
    /// Whether the event loops take anything.
    private let isUp = Mutex(true)

    private init(
        resources: ListenerResources, group: MultiThreadedEventLoopGroup, server: any Channel,
        loops: [NIOLoopBound<LoopConnections>]
    ) {
        self.resources = resources
        self.group = group
        self.server = server
        self.loops = loops
        self.port = server.localAddress?.port
    }

    /// Whether connections are accepted.
    var isListening: Bool { self.server.isActive }

    /// Webhooks at the receiver now.
    var inFlight: Int { self.resources.inFlight.count }

    /// Bytes of large bodies that are held or may be asked for now.
    var heldBytes: Int { self.resources.bodies.held }

    /// Binds and begins to accept.
    ///
    /// - Parameter requestAnswered: told of each answer, on an event loop; it must not block.
    /// - Throws: `ListenerError` when the address cannot be listened on.
    static func start(
        _ configuration: ListenerConfiguration, rules: WebhookRules, logger: Logger,
        requestAnswered: @escaping @Sendable (RequestOutcome) -> Void = { _ in }
    ) async throws(ListenerError) -> Listener {
        var configuration = configuration
        configuration.maxConnections = DescriptorLimit.connections(wanted: configuration.maxConnections)
        let resources = ListenerResources(
            configuration: configuration, maxBodyBytes: rules.maxBodyBytes, logger: logger,
            requestAnswered: requestAnswered)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, configuration.eventLoops))
        do {
            var loops: [NIOLoopBound<LoopConnections>] = []
            for eventLoop in group.makeIterator() {
                let bound = try await eventLoop.submit {
                    NIOLoopBound(
                        LoopConnections(resources: resources, rules: rules, eventLoop: eventLoop), eventLoop: eventLoop)
                }.get()
                loops.append(bound)
            }
            let server = try await Self.bind(configuration, group: group, loops: loops)
            return Listener(resources: resources, group: group, server: server, loops: loops)
        } catch {
            try? await group.shutdownGracefully()
            throw ListenerError(address: configuration.address, cause: error)
        }
    }

    /// Has all requests that begin from now on judged by other rules; those that have begun keep theirs.
    ///
    /// Returns when every event loop goes by them.
    func adopt(_ rules: WebhookRules) async {
        self.resources.bodies.resize(to: max(self.resources.configuration.maxHeldBytes, rules.maxBodyBytes))
        for loop in self.loops where !self.hasDrained.load(ordering: .acquiring) {
            try? await loop.eventLoop.submit { loop.value.rules = rules }.get()
        }
    }

    /// Accepts no more, answers what was asked, closes, and returns when all connections are gone and the receiver has
    /// no webhook any more, or when the time is over.
    ///
    /// Answers carry `Connection: close` from now on. Connections without a request get a short grace, for one that
    /// may be on its way.
    ///
    /// - Returns: whether every request was answered. A second call returns at once.
    @discardableResult
    func drain(within limit: Duration) async -> Bool {
        guard !self.hasDrained.exchange(true, ordering: .acquiringAndReleasing) else { return true }
        await self.stopAccepting()
        let eventLoop = self.group.any()
        let isDrained = eventLoop.makePromise(of: Bool.self)
        let emptied = self.loops.map { loop in loop.eventLoop.flatSubmit { loop.value.whenEmpty() } }
        // Whichever comes first; the later one changes nothing any more.
        EventLoopFuture.andAllComplete(emptied, on: eventLoop).whenComplete { _ in isDrained.succeed(true) }
        let alarm = eventLoop.scheduleTask(in: TimeAmount(limit)) { isDrained.succeed(false) }
        let drained = (try? await isDrained.futureResult.get()) ?? false
        alarm.cancel()
        for loop in self.loops { try? await loop.eventLoop.submit { loop.value.closeAll() }.get() }
        // A receiver that has not called back yet still needs its event loop.
        if self.resources.inFlight.count == 0 {
            self.isUp.withLock { $0 = false }
            try? await self.group.shutdownGracefully()
        }
        return drained
    }

    /// Stops accepting in steps, so that no connection which was accepted already is lost with the socket, and begins
    /// the drain of each event loop.
    private func stopAccepting() async {
        try? await self.server.setOption(.autoRead, value: false).get()
        // An accepted connection goes to its own event loop, back to the server's, and to its own again.
        for _ in 0..<2 {
            for loop in self.loops { try? await loop.eventLoop.submit {}.get() }
            try? await self.server.eventLoop.submit {}.get()
        }
        for loop in self.loops { try? await loop.eventLoop.submit { loop.value.beginDrain() }.get() }
        try? await self.server.close().get()
    }

    var eventLoops: [any EventLoop] { self.loops.map(\.eventLoop) }

    /// Does something that needs the event loops, unless they have been shut down.
    @discardableResult
    func whileUp<Result: Sendable>(_ body: () -> Result) -> Result? {
        self.isUp.withLock { $0 ? body() : nil }
    }

    private static func bind(
        _ configuration: ListenerConfiguration, group: MultiThreadedEventLoopGroup,
        loops: [NIOLoopBound<LoopConnections>]
    ) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: configuration.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // The channel keeps its last buffer for as long as it lives: a larger one would cost 64 KiB a connection.
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 16_384)
            )
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 4096, high: 16_384))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loops.first(where: { $0.eventLoop === channel.eventLoop }) else { return }
                    try Self.furnish(channel, with: Connection(loop: loop.value), configuration)
                }
            }
        switch configuration.address {
        case .hostAndPort(let host, let port):
            return try await bootstrap.bind(host: host, port: port).get()
        case .descriptor(let descriptor):
            let channel = try await bootstrap.withBoundSocket(descriptor).get()
            // NIO has called listen() with a backlog of 128, for everybody who has this socket.
            _ = listen(descriptor, configuration.backlog)
            return channel
        }
    }

    private static func furnish(
        _ channel: any Channel, with connection: Connection, _ configuration: ListenerConfiguration
    ) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = configuration.maxHeaderBytes
        limits.maxHeaderListSize = configuration.maxHeaderBytes
        limits.maxHeaderFieldCount = 128
        try channel.pipeline.syncOperations.addHandlers([
            InboundGate(connection),
            ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)),
            connection,
        ])
    }
}
