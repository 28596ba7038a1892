import Glibc

/// Posts requests over kept connections, all of them from the calling thread: a thread a connection would cost as much as
/// the server that is measured.
final class WebhookExchange {
    private struct Connection {
        let socket: Int32
        /// When the request that is being answered was due; nil: none is.
        var due: ContinuousClock.Instant?
    }

    private var connections: [Connection]
    private var idle: [Int]
    private var buffer = [UInt8](repeating: 0, count: 16_384)
    private var outcome = Outcome()

    /// - Parameter ports: ports of 127.0.0.1, which the connections take in turn.
    /// - Throws: `SocketError`.
    init(with ports: [UInt16], connections: Int) throws {
        self.connections = try (0..<connections).map { number in
            // Room for a request of a thousand messages, so that writing it waits for nobody.
            let socket = try LoopbackSocket.connect(port: ports[number % ports.count], sendBuffer: 1 << 20)
            return Connection(socket: socket)
        }
        self.idle = Array(self.connections.indices)
    }

    deinit {
        for connection in self.connections { close(connection.socket) }
    }

    /// Posts all of them; returns when each is answered or cannot be any more.
    ///
    /// - Parameter rate: so many a second, with latencies from when each was due; 0: as soon as a connection is free.
    func post(_ requests: [[UInt8]], rate: Int) -> Outcome {
        self.outcome = Outcome()
        let began = ContinuousClock.now
        var next = 0
        while true {
            while next < requests.count, let index = self.idle.last {
                let now = ContinuousClock.now
                let due = rate == 0 ? now : began + .seconds(1) * next / rate
                guard due <= now else { break }
                self.idle.removeLast()
                self.write(requests[next], due: due, over: index)
                next += 1
            }
            let open = self.connections.indices.filter { self.connections[$0].due != nil }
            guard next < requests.count || !open.isEmpty else { break }
            guard !open.isEmpty || !self.idle.isEmpty else {
                self.outcome.refused += requests.count - next
                break
            }
            let isWaitingToPost = next < requests.count && !self.idle.isEmpty
            let due = isWaitingToPost ? began + .seconds(1) * next / max(1, rate) : nil
            for index in SocketSet(open.map { self.connections[$0].socket }).readable(until: due) {
                self.read(over: open[index])
            }
        }
        return self.outcome
    }

    private func write(_ request: [UInt8], due: ContinuousClock.Instant, over index: Int) {
        self.connections[index].due = due
        if !LoopbackSocket.write(request, to: self.connections[index].socket) { self.giveUp(index) }
    }

    private func read(over index: Int) {
        guard let due = self.connections[index].due else { return }
        // The answers are short, and fit into one read.
        let count = recv(self.connections[index].socket, &self.buffer, self.buffer.count, 0)
        guard count > 12 else { return self.giveUp(index) }
        if self.buffer[9..<12].elementsEqual("200".utf8) {
            self.outcome.latencies.append(ContinuousClock.now - due)
        } else {
            self.outcome.refused += 1
        }
        self.connections[index].due = nil
        self.idle.append(index)
    }

    /// A broken connection takes no further request.
    private func giveUp(_ index: Int) {
        self.connections[index].due = nil
        self.outcome.refused += 1
    }
}
