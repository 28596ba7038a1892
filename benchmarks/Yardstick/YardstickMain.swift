import ArgumentParser
import NIOCore
import NIOHTTP1
import NIOPosix

/// The plainest server that does what every receiver of webhooks must: it reads a request, checks its signature, and answers
/// 200 or 401, in the ingress' language and over its HTTP library: what is left when all that is the gateway's is gone.
@main
struct YardstickMain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yardstick-nio", abstract: "Reads webhooks, checks their signatures, answers.")

    @Option(help: "The port of 127.0.0.1 to listen on.")
    var port: Int
    @Option(help: "The app secret.")
    var secret: String

    func run() async throws {
        let checker = BodyChecker(secret: self.secret)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, System.coreCount / 2))
        let server = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(WebhookHandler(checker: checker))
                }
            }
            .bind(host: "127.0.0.1", port: self.port).get()
        try await server.closeFuture.get()
    }
}
