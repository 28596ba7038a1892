import NIOCore
import Synchronization

/// The connections of one event loop, by what they wait for, and the clock over their deadlines.
///
/// A coarse tick looks for those whose time is over: a timer for each request would cost more than its parsing.
final class LoopConnections {
    /// What a connection is doing, as far as its time limits go.
    enum Standing: Int, CaseIterable {
        /// Nothing has come yet.
        case fresh
        /// A request was answered, nothing of the next has come.
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
    /// What requests that begin now are judged by.
    var rules: WebhookRules
    /// The answer that is written most, ready made.
    let accepted = Answer.ok.bytes(closes: false)
    private let queues = Standing.allCases.map { _ in ConnectionQueue() }
    private let limits: Limits
    private var isTicking = false
    private var drainStart: NIODeadline?
    private var emptied: EventLoopPromise<Void>?
    /// Webhooks at the receiver, those of clients that are gone included.
    private var worksInFlight = 0

    init(resources: ListenerResources, rules: WebhookRules, eventLoop: any EventLoop) {
        self.resources = resources
        self.rules = rules
        self.eventLoop = eventLoop
        self.limits = Limits(resources.configuration)
    }

    /// Whether connections close after the request at hand.
    var isDraining: Bool { self.drainStart != nil }

    /// Takes in a new connection; when there are too many, the oldest idle one goes.
    func add(_ connection: Connection) {
        self.place(connection, .fresh)
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

    /// A webhook goes to the receiver.
    func workBegan() {
        self.worksInFlight += 1
    }

    /// The receiver has said what becomes of a webhook.
    func workEnded() {
        self.worksInFlight -= 1
        if self.isEmpty { self.emptied?.succeed() }
    }

    /// From now on each connection is closed once its request is answered, idle ones after a grace.
    func beginDrain() {
        if self.drainStart == nil { self.drainStart = .now() }
    }

    /// Succeeds when no connection is left, and no webhook at the receiver.
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

    private var isEmpty: Bool { self.worksInFlight == 0 && self.hasNoConnections }

    private var hasNoConnections: Bool { self.queues.allSatisfy { $0.count == 0 } }

    private subscript(standing: Standing) -> ConnectionQueue { self.queues[standing.rawValue] }

    /// The oldest without a request; when that is the newcomer, one that has had its last answer, or has kept us
    /// waiting longest (a second at least); and else the newcomer itself.
    private func evictOne(for newcomer: Connection) {
        let idle = [self[.fresh].first, self[.idle].first].compactMap { $0 }
        var victim = idle.min { $0.standingSince < $1.standingSince } ?? newcomer
        if victim === newcomer {
            let slow = self[.reading].first.flatMap { .now() - $0.waitingSince > .seconds(1) ? $0 : nil }
            victim = self[.closing].first ?? slow ?? newcomer
        }
        victim.cut()
    }

    private func startTicking() {
        guard !self.isTicking else { return }
        self.isTicking = true
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: self.limits.tick) { bound.value.tick() }
    }

    /// Each queue is in the order of its members' deadlines: only those that are over are looked at.
    private func tick() {
        self.isTicking = false
        let now = NIODeadline.now()
        self[.reading].takeFirst {
            now - $0.waitingSince >= self.limits.request
        } act: {
            $0.timeOut()
        }
        if self.resources.bodies.isContended {
            self[.reading].forEach { if $0.isTooSlow(at: now) { $0.timeOut() } }
        }
        if let start = self.drainStart {
            for standing in [Standing.fresh, .idle] {
                let isOver = { (connection: Connection) in
                    now - max(connection.standingSince, start) >= self.limits.drainGrace
                }
                self[standing].takeFirst(while: isOver) { $0.cut() }
            }
        }
        self[.fresh].takeFirst {
            now - $0.standingSince >= self.limits.request
        } act: {
            $0.cut()
        }
        self[.idle].takeFirst {
            now - $0.standingSince >= self.limits.idle
        } act: {
            $0.cut()
        }
        self[.closing].takeFirst {
            now - $0.standingSince >= self.limits.linger
        } act: {
            $0.cut()
        }
        if !self.hasNoConnections { self.startTicking() }
    }

    /// The configuration's times as the event loop counts them.
    private struct Limits {
        let request: TimeAmount
        let idle: TimeAmount
        let linger: TimeAmount
        let drainGrace: TimeAmount
        let tick: TimeAmount

        init(_ configuration: ListenerConfiguration) {
            self.request = TimeAmount(configuration.requestTime)
            self.idle = TimeAmount(configuration.idleTime)
            self.linger = TimeAmount(configuration.lingerTime)
            self.drainGrace = TimeAmount(configuration.drainGrace)
            self.tick = TimeAmount(configuration.tickInterval)
        }
    }
}
