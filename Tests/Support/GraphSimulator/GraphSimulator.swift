import NIOCore
import NIOPosix
import TestSupport

/// A server that answers as Meta's Graph API does, keeps a record of all it is asked, and goes wrong as it is told to.
///
/// It serves on one event loop and posts webhooks on another.
package final class GraphSimulator: Sendable {
    /// Where it listens.
    package let port: Int
    package let host: String
    let graph: Watched<SimulatedGraph>
    let poster: WebhookPoster?
    let statuses: Watched<StatusPlan>
    private let onAccepted: (@Sendable (AcceptedMessage) -> Void)?
    private let started = ContinuousClock.now
    private let group: MultiThreadedEventLoopGroup
    private let server: SimulatorServer

    /// Starts a simulator; returns when it listens.
    ///
    /// - Throws: NIO's error when the address cannot be bound.
    package static func start(_ configuration: SimulatorConfiguration) async throws -> GraphSimulator {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        do {
            let server = try await SimulatorServer.bind(
                host: configuration.host, port: configuration.port, loop: group.next())
            let simulator = GraphSimulator(configuration, group: group, server: server)
            try await server.serve(simulator)
            return simulator
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Runs a simulator for as long as the closure takes.
    package static func running<Result>(
        _ configuration: SimulatorConfiguration, _ body: (GraphSimulator) async throws -> Result
    ) async throws -> Result {
        let simulator = try await self.start(configuration)
        do {
            let result = try await body(simulator)
            await simulator.stop()
            return result
        } catch {
            await simulator.stop()
            throw error
        }
    }

    private init(_ configuration: SimulatorConfiguration, group: MultiThreadedEventLoopGroup, server: SimulatorServer) {
        let graph = Watched(SimulatedGraph(accounts: configuration.accounts, seed: configuration.seed))
        self.host = configuration.host
        self.port = server.port
        self.graph = graph
        self.poster = configuration.webhooks.map { target in
            WebhookPoster(target: target, loop: group.next()) { change in
                graph.update { change(&$0.stats.webhooks) }
            }
        }
        self.statuses = Watched(configuration.statuses)
        self.onAccepted = configuration.onAccepted
        self.group = group
        self.server = server
    }

    /// For `GRAPH_URL`.
    package var url: String { "http://\(self.host):\(self.port)" }

    /// Stops listening, closes every connection, forgets the webhooks that are still to be posted.
    package func stop() async {
        self.poster?.stop()
        await self.server.stop()
        try? await self.group.shutdownGracefully()
    }

    /// Judges a request; on the serving event loop.
    func react(to request: IncomingRequest) -> Reaction {
        let now = ContinuousClock.now - self.started
        let (reaction, draw) = self.graph.update { graph in
            let reaction = graph.react(to: request, at: now)
            graph.stats.inFlight += 1
            graph.stats.mostInFlight = max(graph.stats.mostInFlight, graph.stats.inFlight)
            return (reaction, reaction.accepted == nil || self.poster == nil ? 0 : graph.draw())
        }
        if let accepted = reaction.accepted {
            self.onAccepted?(accepted)
            self.announce(accepted, draw: draw)
        }
        return reaction
    }

    /// An answer is out, or its connection is gone.
    func answered() {
        self.graph.update { $0.stats.inFlight -= 1 }
    }

    func connectionOpened() -> Int {
        self.graph.update { graph in
            graph.stats.connectionsOpened += 1
            graph.stats.connectionsOpen += 1
            return graph.stats.connectionsOpened
        }
    }

    func connectionClosed() {
        self.graph.update { $0.stats.connectionsOpen -= 1 }
    }

    private func announce(_ message: AcceptedMessage, draw: Double) {
        guard let poster else { return }
        let plan = self.statuses.current
        for (status, delay) in plan.statuses(isReaction: message.type == "reaction", draw: draw) {
            poster.post(after: delay) {
                WebhookBody.status(status, of: message, timestamp: WallClock.seconds).bytes
            }
        }
    }
}
