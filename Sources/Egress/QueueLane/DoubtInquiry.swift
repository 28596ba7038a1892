import NATSClient

/// Finds out what became of one job in doubt, and what the job asks for where nobody knows.
struct DoubtInquiry: Sendable {
    enum Answer: Hashable, Sendable {
        /// A status webhook tells that it was sent.
        case sent
        /// It was not: the earlier holder has taken its note back.
        case unsent
        /// It is no longer in the stream: the earlier holder has had its answer after all, and has acked it.
        case settledElsewhere
        /// Nobody knows, and it is to be sent all the same.
        case mayBeSentTwice
        /// Nobody knows, and it is not to be sent.
        case unknown
        /// The lane is another's to care for now.
        case cancelled
    }

    /// How often an earlier holder's note is looked at: it may only have been stopped, and may come to itself.
    private static let period = Duration.seconds(5)

    private let escort: JobEscort
    /// Whether an earlier holder made the try, and may still tell of it.
    private let isInherited: Bool
    private let watch: DoubtWatch
    private let notes: NoteBook
    private let connection: NATSConnection

    /// - Parameter last: what this worker's own try came to; `nil` where an earlier holder made it.
    init(
        _ escort: JobEscort, last: CallResult?, watch: DoubtWatch, notes: NoteBook, connection: NATSConnection
    ) {
        self.escort = escort
        self.isInherited = last == nil
        self.watch = watch
        self.notes = notes
        self.connection = connection
    }

    /// Waits for whoever knows, for a minute at most as long as NATS can be asked.
    func answer() async -> Answer {
        switch await self.finding() {
        case nil: return .unsent
        case .sent: return .sent
        case .cancelled: return .cancelled
        case .unknown: break
        }
        if await self.isSettledElsewhere() { return .settledElsewhere }
        return self.escort.accepted.terms.onDoubt == .retry ? .mayBeSentTwice : .unknown
    }

    /// - Returns: `nil` where the earlier holder has taken its note back.
    private func finding() async -> DoubtWatch.Finding? {
        let callbacks = self.escort.ownCallbacks
        // Nothing else could tell: the bot's own value may have been used before.
        guard !callbacks.isEmpty else { return await self.isTakenBack() ? nil : .unknown }
        return await withTaskGroup(of: DoubtWatch.Finding?.self) { group in
            group.addTask { await self.watch.find(callbacks, since: await self.escort.noted()) }
            if self.isInherited {
                group.addTask { await self.waitUntilTakenBack() }
            }
            let first = await group.next() ?? .cancelled
            group.cancelAll()
            return first
        }
    }

    private func waitUntilTakenBack() async -> DoubtWatch.Finding? {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.period)
            if await self.isTakenBack() { return nil }
        }
        return .cancelled
    }

    private func isTakenBack() async -> Bool {
        guard self.isInherited, let trace = self.escort.trace else { return false }
        return await !self.notes.saysInFlight(self.escort.accepted.job.sequence, in: trace.slots)
    }

    private func isSettledElsewhere() async -> Bool {
        guard self.isInherited else { return false }
        do throws(NATSError) {
            let sequence = self.escort.accepted.job.sequence
            return try await JetStream(self.connection).message(in: QueueStreams.jobs, sequence: sequence) == nil
        } catch {
            return false
        }
    }
}
