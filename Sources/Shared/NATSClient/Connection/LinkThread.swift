import Daemon
import Glibc
import Logging

/// What the link's thread does: connects, writes what is posted, reads what comes, and waits for either.
final class LinkThread {
    let link: Link
    /// What is subscribed to, on this connection and on those that come after it.
    var registry: [NATSSubscription] = []
    var session: LinkSession?
    var refusals = RefusalBudget()
    /// Commands taken from the queue; those before `next` have been worked off.
    private var batch: [Link.Command] = []
    private var next = 0
    private var attempt = 0
    private var nextAttempt = ContinuousClock.now
    /// Whether everything posted before `close` has been published.
    var isClosing = false
    /// Whether nothing is left to wait for.
    var mayFinish = false

    init(_ link: Link) {
        self.link = link
    }

    /// Works until the connection is closed for good.
    func run() {
        while true {
            self.link.pulse.beat()
            if self.session == nil, .now >= self.nextAttempt { self.connect() }
            self.workOff()
            self.session?.write()
            self.session?.followSocket()
            // cnats keeps the first message of an outage for later, whatever its buffer: do not wait for its answer.
            if let session = self.session, !session.isAttached {
                self.link.inbox.failAll(NATSError(.disconnected, "the connection to NATS broke"))
            }
            if self.mayFinish || self.link.closesBy.map({ .now >= $0 }) ?? false { return self.finish() }
            self.rest()
        }
    }

    private func connect() {
        // A name that cannot be resolved, or servers that do not answer, take their time.
        switch self.link.pulse.excused({ LinkSession.open(self.link, subscriptions: self.registry) }) {
        case .success(let opened):
            self.session = opened
            self.attempt = 0
            self.link.connected()
            self.cameBack()
        case .failure(let error):
            self.attempt += 1
            self.nextAttempt = .now + Self.pause(before: self.attempt)
            self.logFailure(error)
        }
    }

    /// Works off what has been posted; leaves it in the queue, which is bounded, while the server does not read.
    ///
    /// Without a session it is worked off too, so that every publish is refused at once.
    private func workOff() {
        if self.batch.isEmpty { self.link.commands.take(into: &self.batch) }
        while self.next < self.batch.count, self.session?.isBlocked != true {
            let command = self.batch[self.next]
            self.next += 1
            self.obey(command)
        }
        if self.next == self.batch.count {
            // What was published is not kept until the next command.
            self.batch.removeAll(keepingCapacity: true)
            self.next = 0
        }
    }

    /// Waits for a command, the server or the time, and reads.
    private func rest() {
        let hasMore = self.next < self.batch.count && self.session?.isBlocked != true
        let sleeps = !hasMore && self.link.commands.mayRest()
        var awaited = (
            pollfd(fd: self.link.commands.bell, events: Int16(POLLIN), revents: 0),
            pollfd(fd: -1, events: 0, revents: 0)
        )
        // What is told of the socket from now on rings too.
        self.session?.followSocket()
        if let socket = self.session?.awaited { awaited.1 = socket }
        let happened = withUnsafeMutableBytes(of: &awaited) { bytes in
            poll(bytes.assumingMemoryBound(to: pollfd.self).baseAddress, 2, sleeps ? self.milliseconds : 0)
        }
        self.link.commands.awake(hasRung: awaited.0.revents != 0)
        if happened > 0, awaited.1.revents != 0 { self.session?.happened(awaited.1.revents) }
        if let session = self.session, .now >= session.nextDue { session.due(at: .now) }
    }

    /// Until something is due.
    private var milliseconds: Int32 {
        let due = [self.session?.nextDue ?? self.nextAttempt, self.link.closesBy].compactMap(\.self).min()
        guard let due else { return -1 }
        return Int32(clamping: max(0, (due - .now).inMilliseconds + 1))
    }

    private func finish() {
        self.link.finish()
        for subscription in self.registry {
            subscription.ended()
        }
        if let session = self.session {
            session.close()
            self.awaitClosed()
        }
        self.link.ended()
    }

    /// The client library calls back a last time, with a link that has to be there then.
    private func awaitClosed() {
        let deadline = ContinuousClock.now + .seconds(5)
        while .now < deadline {
            for command in self.batch[self.next...] {
                if case .connectionClosed = command { return }
            }
            _ = self.link.commands.mayRest()
            var bell = pollfd(fd: self.link.commands.bell, events: Int16(POLLIN), revents: 0)
            poll(&bell, 1, 100)
            self.link.commands.awake(hasRung: bell.revents != 0)
            self.link.commands.take(into: &self.batch)
            self.next = 0
        }
    }

    /// The first five failures, then every sixtieth: a log that says it is still trying, and does not fill the disk.
    private func logFailure(_ error: NATSError) {
        guard self.attempt <= 5 || self.attempt % 60 == 0 else { return }
        self.link.logger.warning(
            "NATS cannot be reached, which is tried again; start it, or correct NATS_URL",
            metadata: ["host": "\(self.link.options.hosts)", "error": "\(error)", "attempt": "\(self.attempt)"])
    }

    /// 100 ms, 200 ms, 400 ms, then half a second: the first webhook after an outage should not wait.
    private static func pause(before attempt: Int) -> Duration {
        .milliseconds(min(500, 50 << min(attempt, 4)))
    }
}
