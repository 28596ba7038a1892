package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
package import Settings

/// The admin endpoint: shows a process' health, readiness and further pages over HTTP, from a thread of its own.
package final class AdminServer: Sendable {
    /// The port that it listens on; nil for a Unix socket.
    package let port: Int?

    private let group: MultiThreadedEventLoopGroup
    private let server: any Channel
    private let connections: NIOLoopBound<AdminConnections>
    private let pages: Pages
    private let socketFile: SocketFile?

    /// The way of a page that may take its time, from whoever asks to whoever makes it.
    private struct Pages {
        let requests: AsyncStream<PageRequest>
        let feed: AsyncStream<PageRequest>.Continuation
        let limit: Duration

        init(limits: AdminLimits) {
            // The connections see to it that few are waiting.
            (self.requests, self.feed) = AsyncStream.makeStream()
            self.limit = .nanoseconds(limits.pageTime.nanoseconds)
        }
    }

    private init(
        group: MultiThreadedEventLoopGroup, server: any Channel, connections: NIOLoopBound<AdminConnections>,
        pages: Pages, socketFile: SocketFile?
    ) {
        self.group = group
        self.server = server
        self.connections = connections
        self.pages = pages
        self.socketFile = socketFile
        self.port = server.localAddress?.port
    }

    /// Begins to serve; pages that may take their time are for ``run()``.
    ///
    /// - Parameter variable: the setting that the address is from, for the log.
    /// - Returns: nil where the address is `off`, and where it cannot be had, which is an error in the log and no
    ///   reason to stop.
    package static func start(
        at address: AdminAddress, setting variable: String, showing pages: AdminPages, logger: Logger
    ) async -> AdminServer? {
        guard address != .off else { return nil }
        do {
            let server = try await self.start(at: address, showing: pages, limits: AdminLimits())
            logger.info("admin endpoint", metadata: ["address": "\(address)"])
            return server
        } catch {
            logger.error("no admin endpoint: \(variable)=\(address): \(error); name another address, and restart")
            return nil
        }
    }

    /// - Parameter address: not `off`.
    /// - Throws: `AdminAddressError` when the address cannot be had.
    static func start(
        at address: AdminAddress, showing pages: AdminPages, limits: AdminLimits
    ) async throws(AdminAddressError) -> AdminServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let eventLoop = group.next()
            let slowPages = Pages(limits: limits)
            let connections = try await eventLoop.submit {
                NIOLoopBound(AdminConnections(limits: limits, requests: slowPages.feed), eventLoop: eventLoop)
            }.get()
            let bootstrap = Self.bootstrap(group, pages, connections, limits)
            switch address {
            case .tcp(let address):
                let server = try await bootstrap.bind(host: address.host, port: address.port).get()
                return AdminServer(
                    group: group, server: server, connections: connections, pages: slowPages, socketFile: nil)
            case .unix(let path):
                let socketFile = try SocketFile(path: path)
                do {
                    let server = try await bootstrap.withBoundSocket(socketFile.descriptor).get()
                    return AdminServer(
                        group: group, server: server, connections: connections, pages: slowPages,
                        socketFile: socketFile)
                } catch {
                    socketFile.remove()
                    throw error
                }
            case .off:
                preconditionFailure("an endpoint that is off is not started")
            }
        } catch {
            try? await group.shutdownGracefully()
            throw AdminAddressError(cause: error)
        }
    }

    /// Makes the pages that may take their time, until the server is closed or the task is cancelled; without it they are
    /// answered 503.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await request in self.pages.requests {
                group.addTask { await request.serve(within: self.pages.limit) }
            }
            group.cancelAll()
        }
    }

    /// Closes every connection and gives the address up.
    package func close() async {
        self.pages.feed.finish()
        self.socketFile?.remove()
        try? await self.server.close().get()
        let connections = self.connections
        try? await connections.eventLoop.submit { connections.value.closeAll() }.get()
        try? await self.group.shutdownGracefully()
    }

    private static func bootstrap(
        _ group: MultiThreadedEventLoopGroup, _ pages: AdminPages, _ connections: NIOLoopBound<AdminConnections>,
        _ limits: AdminLimits
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 1024, maximum: 4096)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    var decoder = NIOHTTPDecoderLimitConfiguration()
                    decoder.maxHeaderFieldSize = limits.headerBytes
                    decoder.maxHeaderListSize = limits.headerBytes
                    decoder.maxHeaderFieldCount = limits.headers
                    try channel.pipeline.syncOperations.addHandlers([
                        ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoder)),
                        AdminConnection(pages: pages, connections: connections.value),
                    ])
                }
            }
    }
}
