import Addressing
import Daemon
import Logging
import NATSClient
import Synchronization
import TraceContext

/// What a worker does while it holds a queue lane: pulls jobs ahead, has them sent, and settles each.
///
/// Every job that is held is either with the sender or an errand of `run()`'s; once the tenure is over nothing is
/// pulled or started, and `run()` returns when the last has been settled or let go.
final class HeldLane: Sendable {
    struct State {
        var held: HeldJobs
        var found = FoundNotes()
        /// Whether what is delivered now is another's.
        var isClosed = false
        var pull: Pull?
        /// From the making of the consumer to the end of the pull.
        var isPulling = false
        /// While the lane is being taken over.
        var muster: Muster?
        /// Whether mustered jobs are being taken.
        var isTaking = false
    }

    let sender: AccountSender
    let tenure: Tenure
    let notes: NoteBook
    let settled: SettledRecord
    let services: QueueServices
    let doubts: DoubtWatch
    let desk: SettlementDesk
    let state: Mutex<State>
    private let errands: AsyncStream<Errand>
    let feed: AsyncStream<Errand>.Continuation
    /// An element whenever there may be jobs again whose acks have to be extended.
    private let holdings: AsyncStream<Void>
    let holdsAgain: AsyncStream<Void>.Continuation

    init(
        _ sender: AccountSender, tenure: Tenure, notes: NoteBook, settled: SettledRecord, services: QueueServices
    ) {
        self.sender = sender
        self.tenure = tenure
        self.notes = notes
        self.settled = settled
        self.services = services
        self.doubts = DoubtWatch(
            of: sender.account.name, connection: services.connection, logger: services.logger)
        self.desk = SettlementDesk(
            of: sender.account.name, tenure: tenure, services: services, metrics: sender.metrics)
        self.state = Mutex(State(held: HeldJobs(limit: services.maximumHeld)))
        (self.errands, self.feed) = AsyncStream.makeStream()
        (self.holdings, self.holdsAgain) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var standing: QueueLane.Standing {
        let largest = self.services.connection.maximumPayload
        return self.state.withLock { state in
            QueueLane.Standing(
                isHolder: !state.isClosed, held: state.held.count, isFull: state.held.isFull(largest: largest),
                isPulling: state.isPulling)
        }
    }

    /// Works until the tenure is over and nothing is left of it.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.doubts.run() }
            group.addTask { await self.extendAcks() }
            group.addTask {
                await self.takeJobsWhileHolding()
                self.close()
            }
            for await errand in self.errands {
                group.addTask { await self.attend(to: errand) }
            }
            group.cancelAll()
        }
    }

    // MARK: Taking jobs

    private func takeJobsWhileHolding() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.takeJobs() }
            _ = await self.tenure.ended()
            self.state.withLock { $0.isClosed = true }
            group.cancelAll()
        }
    }

    private func takeJobs() async {
        let account = self.sender.account.name
        let consumer = QueueConsumer(of: account, connection: self.services.connection)
        var backoff = Backoff(first: .milliseconds(100), longest: .seconds(5))
        var random = SystemRandomNumberGenerator()
        var hasOpened = false
        while !Task.isCancelled, !self.tenure.isOver {
            do throws(NATSError) {
                let missing = try await self.services.streams.takeOvers.pass { () async throws(NATSError) in
                    if !hasOpened {
                        let found = try await self.notes.open()
                        self.state.withLock { $0.found = found }
                        hasOpened = true
                    }
                    return try await consumer.makeAnew()
                }
                guard let missing else { return }
                let pull = consumer.pull(room: { self.room }) { self.receive($0) }
                self.state.withLock { state in
                    state.pull = pull
                    state.isPulling = true
                    state.muster = missing == 0 ? nil : Muster(missing: missing, at: .now)
                }
                backoff.reset()
                async let mustered: Void = self.muster()
                let result = await Self.run(pull)
                self.state.withLock { $0.isPulling = false }
                await mustered
                try result.get()
            } catch {
                self.services.logger.warning(
                    "jobs cannot be pulled, which is tried again; see to nats-server and the stream WHATSAPP_OUT",
                    metadata: ["error": "\(error)"])
                try? await Task.sleep(for: backoff.next(using: &random))
            }
        }
    }

    private var room: Int {
        guard !self.tenure.isOver else { return 0 }
        let largest = self.services.connection.maximumPayload
        return self.state.withLock { $0.isClosed ? 0 : $0.held.room(largest: largest) }
    }

    private static func run(_ pull: Pull) async -> Result<Void, NATSError> {
        do throws(NATSError) {
            return .success(try await pull.run())
        } catch {
            return .failure(error)
        }
    }

    /// Called for one delivery after another.
    private func receive(_ delivery: Delivery) {
        let job = Job(delivery)
        // Brought back by a crash of the server: it was sent, or is dead already.
        let isSettled = self.settled.contains(job)
        if isSettled { self.feed.yield(.settleAgain(job)) }
        let largest = self.services.connection.maximumPayload
        let (isNext, isFirst, fills) = self.state.withLock { state in
            guard !state.isClosed else { return (false, false, false) }
            let wasFull = state.held.isFull(largest: largest)
            let isNew = !isSettled && state.held.hold(job)
            let isFirst = isNew && state.held.count == 1
            let fills = !wasFull && state.held.isFull(largest: largest)
            guard state.muster != nil else { return (isNew, isFirst, fills) }
            state.muster?.arrived(isNew ? job : nil, missing: delivery.ack.pending, at: .now)
            return (false, isFirst, fills)
        }
        if fills { self.sender.metrics.jobsAreFull() }
        if isFirst { self.holdsAgain.yield() }
        if isNext { self.take(job) }
        self.takeMustered()
    }

    /// Has a job sent; jobs are taken in the order of the stream.
    func take(_ job: Job) {
        let (trace, freed) = self.state.withLock { state in
            state.found.arrived(job.sequence, stored: job.delivery.ack.storedAt)
        }
        for slot in freed { self.notes.giveBack(slot) }
        let span = self.services.traces.startJob(job, of: self.sender.account.name)
        do throws(ClientError) {
            self.submit(try AcceptedJob(job, from: self.sender.account.phoneNumberID), trace, span)
        } catch {
            let end = JobEnd.dead(.invalid, .invalid(error))
            self.feed.yield(.settle(Settlement(job: job, span: span, end: end, attempts: 0, escort: nil)))
        }
        // The tenure may have ended meanwhile, and all other jobs been withdrawn.
        if self.state.withLock({ $0.isClosed }) { self.sender.withdrawJobs() }
    }

    private func submit(_ accepted: AcceptedJob, _ trace: FoundNotes.Trace?, _ span: TraceSpan) {
        let expires = accepted.terms.expires.map { ContinuousClock.now + ($0 - .now) }
        let escort = JobEscort(
            accepted, span: span, expires: expires, trace: trace, tenure: self.tenure, notes: self.notes
        ) { escort, ticket, last in
            self.feed.yield(.findOut(escort, ticket, last))
        }
        let isInDoubt = trace?.isInFlight == true && !accepted.call.isRepeatable
        self.sender.submit(
            PendingSend(
                call: accepted.call, lane: .queue, writeBy: expires, attempts: escort.attempts, isInDoubt: isInDoubt,
                span: span, escort: escort
            ) { end, attempts in
                switch JobEnd(end) {
                case .withdrawn: self.feed.yield(.letGo(escort))
                case .dead(let reason, let failure):
                    self.settle(escort, .dead(escort.reason(reason), failure), attempts: attempts)
                case .sent(let answer): self.settle(escort, .sent(answer), attempts: attempts)
                }
            })
    }

    /// Keeps the server from delivering to another what is held here; sleeps while that is nothing.
    private func extendAcks() async {
        for await _ in self.holdings {
            while !Task.isCancelled, self.state.withLock({ $0.held.count > 0 }) {
                try? await Task.sleep(for: HeldJobs.tick)
                for ack in self.state.withLock({ $0.held.takeDue() }) { self.services.connection.extend(ack) }
            }
        }
    }

    // MARK: The end

    private func close() {
        self.doubts.giveUp()
        self.dropMustered()
        self.sender.withdrawJobs()
        self.finishIfEmpty()
    }

    func release(_ job: Job) {
        let pull = self.state.withLock { state in
            state.held.release(job.sequence)
            return state.pull
        }
        pull?.roomHasGrown()
        self.finishIfEmpty()
    }

    private func finishIfEmpty() {
        if self.state.withLock({ $0.isClosed && $0.held.count == 0 }) { self.feed.finish() }
    }
}
