import NIOCore
import NIOPosix

/// A connection that sends exactly the bytes it is given, and keeps every byte that comes back.
package final class RawConnection: Sendable {
    /// How the other side ended the connection.
    package enum End: Hashable, Sendable { case closed, reset }

    struct Stream: Sendable {
        var received: [UInt8] = []
        var end: End?
    }

    private let channel: any Channel
    private let stream: Watched<Stream>

    private init(channel: any Channel, stream: Watched<Stream>) {
        self.channel = channel
        self.stream = stream
    }

    /// Connects over TCP.
    ///
    /// - Throws: NIO's error when nobody accepts within 5 s.
    package static func connect(host: String = "127.0.0.1", port: Int) async throws -> RawConnection {
        try await self.connect { $0.connect(host: host, port: port) }
    }

    /// Connects to a Unix socket.
    package static func connect(unixSocket path: String) async throws -> RawConnection {
        try await self.connect { $0.connect(unixDomainSocketPath: path) }
    }

    private static func connect(
        _ connect: (ClientBootstrap) -> EventLoopFuture<any Channel>
    ) async throws -> RawConnection {
        let stream = Watched(Stream())
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamKeeper(stream: stream))
                }
            }
        return RawConnection(channel: try await connect(bootstrap).get(), stream: stream)
    }

    /// Sends these bytes and no others; returns when the kernel has them.
    package func send(_ bytes: [UInt8]) async throws {
        try await self.channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    package func send(_ text: String) async throws {
        try await self.send(Array(text.utf8))
    }

    /// Sends the bytes in pieces, with a pause before each but the first.
    package func sendSlowly(_ bytes: [UInt8], piece: Int = 1, every pause: Duration) async throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            try await self.send(Array(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
            if !rest.isEmpty { try await Task.sleep(for: pause) }
        }
    }

    /// Takes the next whole HTTP response off what has come in.
    ///
    /// - Parameter toHead: whether the request was a HEAD, whose response has no body.
    /// - Throws: `HTTPReplyError` when it is malformed or the connection ends within it; `Overdue`.
    package func reply(within limit: Duration = .seconds(10), toHead: Bool = false) async throws -> HTTPReply {
        typealias Parsed = Result<(reply: HTTPReply, length: Int), any Error>
        let parsed = try await self.stream.first(within: limit, what: self.whatCame("a whole HTTP response")) {
            stream -> Parsed? in
            do {
                return try HTTPReply.parse(stream.received, ended: stream.end != nil, toHead: toHead)
                    .map(Parsed.success)
            } catch {
                return .failure(error)
            }
        }
        let (reply, length) = try parsed.get()
        self.stream.update { $0.received.removeFirst(length) }
        return reply
    }

    /// Waits until as many bytes have come in, and takes them off.
    package func take(_ count: Int, within limit: Duration = .seconds(10)) async throws -> [UInt8] {
        _ = try await self.stream.first(within: limit, what: self.whatCame("\(count) bytes")) { stream in
            stream.received.count >= count ? true : nil
        }
        return self.stream.update { stream in
            defer { stream.received.removeFirst(count) }
            return Array(stream.received.prefix(count))
        }
    }

    /// Waits for a line feed, and takes the line off, without its end.
    package func takeLine(within limit: Duration = .seconds(10)) async throws -> String {
        let end = try await self.stream.first(within: limit, what: self.whatCame("a line")) { stream in
            stream.received.firstIndex(of: UInt8(ascii: "\n"))
        }
        let line = try await self.take(end + 1)
        return String(decoding: line.dropLast(line.dropLast().last == UInt8(ascii: "\r") ? 2 : 1), as: UTF8.self)
    }

    /// Waits until the other side has ended the connection.
    package func end(within limit: Duration = .seconds(10)) async throws -> End {
        try await self.stream.first(within: limit, what: self.whatCame("the end of the connection")) { $0.end }
    }

    /// What has come in and was not yet taken.
    package var received: [UInt8] { self.stream.read { $0.received } }

    /// Sends a FIN and goes on reading.
    package func finishSending() async throws {
        try await self.channel.close(mode: .output)
    }

    /// Closes the connection.
    package func close() async {
        try? await self.channel.close()
    }

    /// Ends the connection with a RST.
    package func reset() async throws {
        if let options = self.channel as? any SocketOptionProvider {
            try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        await self.close()
    }

    deinit {
        self.channel.close(promise: nil)
    }

    private func whatCame(_ wanted: String) -> String {
        let stream = self.stream.current
        let text = String(decoding: stream.received.prefix(500), as: UTF8.self)
        return "\(wanted); \(stream.received.count) bytes came, end: \(stream.end.map { "\($0)" } ?? "none"): \(text)"
    }
}

/// Puts what comes in where the connection's owner can wait for it.
private final class StreamKeeper: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let stream: Watched<RawConnection.Stream>

    init(stream: Watched<RawConnection.Stream>) {
        self.stream = stream
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = self.unwrapInboundIn(data)
        self.stream.update { $0.received.append(contentsOf: buffer.readableBytesView) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { self.ended(.closed) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.ended(.closed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.ended((error as? IOError)?.errnoCode == ECONNRESET ? .reset : .closed)
        context.close(promise: nil)
    }

    private func ended(_ end: RawConnection.End) {
        self.stream.update { if $0.end == nil || end == .reset { $0.end = end } }
    }
}
