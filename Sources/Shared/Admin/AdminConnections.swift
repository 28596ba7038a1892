import NIOCore

/// The open connections of the admin endpoint, all on one event loop.
final class AdminConnections {
    let limits: AdminLimits
    /// Pages being made, whether or not those who asked are still there.
    private var pages = 0
    private let requests: AsyncStream<PageRequest>.Continuation
    /// In the order in which they came.
    private var open: [AdminConnection] = []

    /// - Parameter requests: where somebody makes the pages that may take their time.
    init(limits: AdminLimits, requests: AsyncStream<PageRequest>.Continuation) {
        self.limits = limits
        self.requests = requests
    }

    /// Takes in a new connection; when there are too many, the oldest goes.
    func add(_ connection: AdminConnection) {
        self.open.append(connection)
        if self.open.count > self.limits.connections { self.open[0].cut() }
    }

    /// Forgets a connection; once more does no harm.
    func remove(_ connection: AdminConnection) {
        self.open.removeAll { $0 === connection }
    }

    /// Has a page made, which its connection gets unless it has been answered or closed by then.
    ///
    /// - Returns: whether it is being made; false when too many are.
    func make(
        _ page: @escaping @Sendable () async -> AdminAnswer, for connection: AdminConnection,
        on eventLoop: any EventLoop
    ) -> Bool {
        guard self.pages < self.limits.pages else { return false }
        self.pages += 1
        let asked = NIOLoopBound((connections: self, connection: connection), eventLoop: eventLoop)
        self.requests.yield(
            PageRequest(answer: page) { answer in
                eventLoop.execute {
                    asked.value.connections.pages -= 1
                    asked.value.connection.answer(answer)
                }
            })
        return true
    }

    /// Closes all, whatever they are doing.
    func closeAll() {
        for connection in self.open { connection.cut() }
    }
}
