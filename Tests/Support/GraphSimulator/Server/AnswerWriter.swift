import Glibc
import NIOCore
import NIOHTTP1

/// Writes one answer to a connection, whole or in the ways in which answers go wrong.
struct AnswerWriter {
    let isKeepAlive: Bool
    let isForHead: Bool

    private typealias Part = HTTPServerResponsePart

    /// The whole answer.
    func write(_ answer: GraphAnswer, to context: ChannelHandlerContext) {
        context.write(NIOAny(Part.head(self.head(of: answer))), promise: nil)
        if !answer.body.isEmpty, !self.isForHead {
            context.write(NIOAny(Part.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        }
        self.end(context)
    }

    /// The head and half of the body, then the end of the connection.
    func writeHalf(of answer: GraphAnswer, to context: ChannelHandlerContext) {
        context.write(NIOAny(Part.head(self.head(of: answer))), promise: nil)
        let half = ByteBuffer(bytes: answer.body.prefix(answer.body.count / 2))
        let channel = context.channel
        context.writeAndFlush(NIOAny(Part.body(.byteBuffer(half)))).whenComplete { _ in channel.close(promise: nil) }
    }

    /// The head, then the body in ten pieces.
    ///
    /// - Parameter done: called when all is written.
    func writeSlowly(
        _ answer: GraphAnswer, over time: Duration, to context: ChannelHandlerContext, done: @escaping () -> Void
    ) {
        context.writeAndFlush(NIOAny(Part.head(self.head(of: answer))), promise: nil)
        let size = max(1, (answer.body.count + 9) / 10)
        let starts = Array(stride(from: 0, to: answer.body.count, by: size))
        let loop = context.eventLoop.assumeIsolated()
        for (index, start) in starts.enumerated() {
            let piece = ByteBuffer(bytes: answer.body[start..<min(start + size, answer.body.count)])
            loop.scheduleTask(in: TimeAmount(time * (index + 1) / starts.count)) {
                guard context.channel.isActive else { return }
                context.writeAndFlush(NIOAny(Part.body(.byteBuffer(piece))), promise: nil)
                if index == starts.count - 1 {
                    self.end(context)
                    done()
                }
            }
        }
    }

    /// A RST in the answer's place.
    func reset(_ context: ChannelHandlerContext) {
        let channel = context.channel
        guard let options = channel as? any SocketOptionProvider else { return channel.close(promise: nil) }
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
    }

    private func end(_ context: ChannelHandlerContext) {
        let channel = context.channel
        let written = context.writeAndFlush(NIOAny(Part.end(nil)))
        if !self.isKeepAlive { written.whenComplete { _ in channel.close(promise: nil) } }
    }

    private func head(of answer: GraphAnswer) -> HTTPResponseHead {
        var headers = HTTPHeaders()
        headers.reserveCapacity(answer.headers.count + 2)
        for header in answer.headers { headers.add(name: header.name, value: header.value) }
        if answer.status >= 200, answer.status != 204, answer.status != 304 {
            headers.replaceOrAdd(name: "Content-Length", value: "\(answer.body.count)")
        }
        if !self.isKeepAlive { headers.add(name: "Connection", value: "close") }
        return HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
    }
}
