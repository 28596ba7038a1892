/// Connections in the order in which they joined; joining and leaving take the same time however many there are.
///
/// The links are in the connections themselves, each of which is in one queue at most.
final class ConnectionQueue {
    /// The one that has been here longest.
    private(set) var first: Connection?
    private weak var last: Connection?
    private(set) var count = 0

    func append(_ connection: Connection) {
        precondition(connection.queue == nil, "a connection is in one queue at a time")
        connection.queue = self
        connection.previousInQueue = self.last
        if let last = self.last { last.nextInQueue = connection } else { self.first = connection }
        self.last = connection
        self.count += 1
    }

    func remove(_ connection: Connection) {
        precondition(connection.queue === self, "a connection leaves the queue it is in")
        let previous = connection.previousInQueue
        let next = connection.nextInQueue
        if let previous { previous.nextInQueue = next } else { self.first = next }
        if let next { next.previousInQueue = previous } else { self.last = previous }
        connection.queue = nil
        connection.previousInQueue = nil
        connection.nextInQueue = nil
        self.count -= 1
    }

    /// Acts on the first for as long as a condition holds for it, and as the act makes it leave.
    func takeFirst(while condition: (Connection) -> Bool, act: (Connection) -> Void) {
        while let first = self.first, condition(first) {
            act(first)
            if self.first === first { return }
        }
    }

    /// Visits all; the one visited may leave meanwhile, others may not.
    func forEach(_ visit: (Connection) -> Void) {
        var current = self.first
        while let connection = current {
            current = connection.nextInQueue
            visit(connection)
        }
    }
}
