/// The open connections of the admin endpoint, all on one event loop.
final class AdminConnections {
    let limits: AdminLimits
    /// In the order in which they came.
    private var open: [AdminConnection] = []

    init(limits: AdminLimits) {
        self.limits = limits
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

    /// Closes all, whatever they are doing.
    func closeAll() {
        for connection in self.open { connection.cut() }
    }
}
