import NIOCore
import Synchronization

/// The connections of one event loop, by what they wait for, and the clock over their deadlines.
///
/// A coarse tick looks at all of them: a timer for each request would cost more than the request's parsing.
final class LoopConnections {
    /// What a connection is doing, as far as its time limits go.
    enum Standing: Int, CaseIterable {
        /// Nothing of a request has come.
        case idle
        /// Its peer has to send, or to read, something.
        case reading
        /// A webhook is at the receiver.
        case working
        /// The last answer is written.
        case closing
    }

    let resources: ListenerResources
    let eventLoop: any EventLoop
    /// The answer that is written most, ready made.
    let accepted = Answer.ok.bytes(closes: false)
    private let queues = Standing.allCases.map { _ in ConnectionQueue() }
    private var isTicking = false
    private var drainStart: NIODeadline?
    private var emptied: EventLoopPromise<Void>?

    init(resources: ListenerResources, eventLoop: any EventLoop) {
        self.resources = resources
        self.eventLoop = eventLoop
    }

    /// Whether connections close after the request at hand.
    var isDraining: Bool { self.drainStart != nil }

    /// Takes in a new connection; when there are too many, the oldest idle one goes.
    func add(_ connection: Connection) {
        self.place(connection, .idle)
        let count = self.resources.connections.add(1, ordering: .relaxed).newValue
        if count > self.resources.configuration.maxConnections { self.evictOne(for: connection) }
        self.startTicking()
    }

    /// Files a connection under what it is doing now.
    func place(_ connection: Connection, _ standing: Standing) {
        guard connection.standing != standing || connection.hasServedSincePlaced else { return }
        connection.hasServedSincePlaced = false
        if let queue = connection.queue { queue.remove(connection) }
        connection.standing = standing
        connection.standingSince = .now()
        self.queues[standing.rawValue].append(connection)
    }

    /// Forgets a connection; once more does no harm.
    func remove(_ connection: Connection) {
        guard let queue = connection.queue else { return }
        queue.remove(connection)
        self.resources.connections.subtract(1, ordering: .relaxed)
        if self.isEmpty { self.emptied?.succeed() }
    }

    /// From now on each connection is closed once its request is answered, idle ones after a grace.
    func beginDrain() {
        if self.drainStart == nil { self.drainStart = .now() }
    }

    /// Succeeds when no connection is left.
    func whenEmpty() -> EventLoopFuture<Void> {
        let emptied = self.emptied ?? self.eventLoop.makePromise(of: Void.self)
        self.emptied = emptied
        if self.isEmpty { emptied.succeed() }
        return emptied.futureResult
    }

    /// Closes all, whatever they are doing.
    func closeAll() {
        for queue in self.queues { queue.forEach { $0.cut() } }
    }

    private var isEmpty: Bool { self.queues.allSatisfy { $0.count == 0 } }

    private subscript(standing: Standing) -> ConnectionQueue { self.queues[standing.rawValue] }

    /// The oldest idle connection; when the newcomer is the only idle one, the one that has kept us waiting longest
    /// (a second at least), and else the newcomer itself.
    private func evictOne(for newcomer: Connection) {
        var victim = self[.idle].first ?? newcomer
        if victim === newcomer, let slow = self[.reading].first, .now() - slow.standingSince > .seconds(1) {
            victim = slow
        }
        victim.cut()
    }

    private func startTicking() {
        guard !self.isTicking else { return }
        self.isTicking = true
        let interval = TimeAmount(self.resources.configuration.tickInterval)
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: interval) { bound.value.tick() }
    }

    private func tick() {
        self.isTicking = false
        let now = NIODeadline.now()
        let limits = self.resources.configuration
        let isContended = self.resources.bodies.isContended
        self[.reading].forEach { connection in
            let isOver = now - connection.waitingSince >= TimeAmount(limits.requestTime)
            if isOver || isContended && connection.isTooSlow(at: now) { connection.timeOut() }
        }
        self[.idle].forEach { connection in
            let since = connection.standingSince
            let isOver =
                if let start = self.drainStart {
                    now - max(since, start) >= TimeAmount(limits.drainGrace)
                } else {
                    now - since >= TimeAmount(connection.hasServed ? limits.idleTime : limits.requestTime)
                }
            if isOver { connection.cut() }
        }
        self[.closing].forEach { connection in
            if now - connection.standingSince >= TimeAmount(limits.lingerTime) { connection.cut() }
        }
        if !self.isEmpty { self.startTicking() }
    }
}
