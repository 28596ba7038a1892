import NIOCore
import NIOHTTP1
import NIOPosix
import TestSupport

/// The listening socket and the connections it has accepted.
final class SimulatorServer: Sendable {
    private let listener: any Channel
    private let simulator: Watched<GraphSimulator?>
    private let children: Watched<[ObjectIdentifier: any Channel]>
    let port: Int

    private init(
        listener: any Channel, simulator: Watched<GraphSimulator?>, children: Watched<[ObjectIdentifier: any Channel]>
    ) {
        self.listener = listener
        self.simulator = simulator
        self.children = children
        self.port = listener.localAddress?.port ?? 0
    }

    /// Binds the address; connections are taken once there is a simulator to serve.
    static func bind(host: String, port: Int, loop: any EventLoop) async throws -> SimulatorServer {
        let simulator = Watched<GraphSimulator?>(nil)
        let children = Watched<[ObjectIdentifier: any Channel]>([:])
        let listener = try await ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let simulator = simulator.current else { throw ChannelError.ioOnClosedChannel }
                    let key = ObjectIdentifier(channel)
                    children.update { $0[key] = channel }
                    channel.closeFuture.whenComplete { _ in children.update { $0[key] = nil } }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(SimulatorHandler(simulator: simulator))
                }
            }
            .bind(host: host, port: port).get()
        return SimulatorServer(listener: listener, simulator: simulator, children: children)
    }

    /// Begins to take connections.
    func serve(_ simulator: GraphSimulator) async throws {
        self.simulator.update { $0 = simulator }
        try await self.listener.setOption(.autoRead, value: true).get()
    }

    /// Stops listening and closes every connection.
    func stop() async {
        try? await self.listener.close()
        for channel in self.children.current.values { try? await channel.close() }
        self.simulator.update { $0 = nil }
    }
}
