import Daemon
import Logging
import NATSClient
import Settings

/// One connection to NATS for one command on an account's dead letters.
struct DeadLetterSession: Sendable {
    /// How long NATS may take to connect, and then for each answer.
    private static let patience = Duration.seconds(5)
    /// How many letters are laid out together.
    private static let block = 200

    let settings: DeadSettings
    let filter: DeadLetterFilter
    /// At most so many letters; `nil` for all.
    let limit: Int?
    let termination: Termination
    let logger: Logger

    /// Shows the letters, oldest first.
    func list(asJSON: Bool) async -> ExitStatus {
        await self.connected { store throws(NATSError) in
            var table = DeadLetterTable()
            var shown = 0
            var isRead = true
            // Where the table comes line by line, nothing else is to stand on its screen.
            try await self.walk(store, showsProgress: !Console.printsOnTerminal) { letter in
                shown += 1
                if asJSON {
                    isRead = Console.print([letter.json])
                } else {
                    table.add(letter)
                    if table.count >= Self.block { isRead = Console.print(table.takeLines().map { Array($0.utf8) }) }
                }
                return isRead && shown < self.limit ?? .max
            }
            if shown == 0, !self.termination.isRequested {
                LogOutput.printLine(self.nothing)
            } else if isRead, !asJSON {
                _ = Console.print(table.takeLines().map { Array($0.utf8) })
            }
            return .success
        }
    }

    /// Replays or drops the letters one after another, oldest first, once somebody has agreed to it.
    func work(_ work: DeadLetterWork, isAgreed: Bool) async -> ExitStatus {
        await self.connected { store throws(NATSError) in
            var selection = DeadLetterSelection(work, of: store.account)
            let now = StreamTime.now
            try await self.walk(store, showsProgress: true) { letter in
                selection.add(letter, at: now)
                return selection.sequences.count < self.limit ?? .max
            }
            if self.termination.isRequested { return .success }
            if let remark = selection.remark { LogOutput.printLine(remark) }
            if selection.sequences.isEmpty {
                if selection.remark == nil { LogOutput.printLine(self.nothing) }
                return .success
            }
            if !isAgreed {
                guard await Console.agrees(to: selection.question, until: self.termination) else { return .success }
            }
            return await self.work(through: selection, in: store)
        }
    }

    private func work(through selection: DeadLetterSelection, in store: DeadLetterStore) async -> ExitStatus {
        var outcome = DeadLetterOutcome()
        var progress = ProgressLine()
        var failure: String?
        for sequence in selection.sequences {
            guard !self.termination.isRequested else { break }
            do throws(NATSError) {
                try await self.work(on: sequence, of: selection, in: store, &outcome)
            } catch  where DeadLetterStore.isOfOneJob(error) {
                progress.clear()
                LogOutput.printLine("dead letter \(sequence) stays: \(error)")
                outcome.wasRefused()
            } catch {
                failure = "stopped at dead letter \(sequence): \(error)"
                break
            }
            progress.show("\(outcome.done) of \(selection.sequences.count) dead letters")
        }
        progress.clear()
        if let failure { LogOutput.printLine(failure) }
        _ = Console.print([Array(outcome.summary(of: selection).utf8)])
        return failure == nil && outcome.refused == 0 ? .success : .unavailable
    }

    /// The letter is taken away last: interrupted in between, a job is stored twice rather than not at all.
    private func work(
        on sequence: UInt64, of selection: DeadLetterSelection, in store: DeadLetterStore,
        _ outcome: inout DeadLetterOutcome
    ) async throws(NATSError) {
        guard selection.work == .replay else {
            if try await store.take(sequence) { outcome.finished() } else { outcome.missed() }
            return
        }
        guard let letter = try await store.letter(sequence) else { return outcome.missed() }
        let now = StreamTime.now
        try await store.store(letter.job(of: store.account, at: now))
        outcome.finished(expired: letter.isExpired(at: now))
        do throws(NATSError) {
            _ = try await store.take(sequence)
        } catch {
            throw NATSError(error.code, "its job is stored again, but it cannot be taken away: \(error)")
        }
    }

    /// Goes through the letters that match, until there are no more, `body` has had enough, or a signal ends it.
    private func walk(
        _ store: DeadLetterStore, showsProgress: Bool, _ body: (KeptDeadLetter) -> Bool
    ) async throws(NATSError) {
        var progress = ProgressLine()
        defer { progress.clear() }
        var next: UInt64 = 1
        if let since = self.filter.since { next = try await store.start(since: since) }
        var read = 0
        while !self.termination.isRequested, let letter = try await store.first(from: next) {
            next = letter.sequence + 1
            read += 1
            if showsProgress { progress.show("\(read) dead letters read") }
            if let until = self.filter.until, letter.storedAt >= until { return }
            guard self.filter.matches(letter) else { continue }
            guard body(letter) else { return }
        }
    }

    private var nothing: String {
        let isFiltered = self.filter != DeadLetterFilter()
        return "\(self.settings.account) has no dead letters\(isFiltered ? " that match" : "")"
    }

    private func connected(
        _ body: (DeadLetterStore) async throws(NATSError) -> ExitStatus
    ) async -> ExitStatus {
        let connection = NATSConnection(
            NATSOptions(
                self.settings.nats, clientName: "whatsapp-egress dead", writesAtOnce: true, reconnectBufferBytes: 1),
            logger: self.logger)
        guard await self.arrives(connection) else {
            await connection.close()
            if self.termination.isRequested { return .success }
            LogOutput.printLine(
                "no NATS at \(self.settings.nats.redactedHost) within \(Self.patience.components.seconds) s")
            return .unavailable
        }
        let store = DeadLetterStore(of: self.settings.account, connection: connection, timeout: Self.patience)
        let status: ExitStatus
        do throws(NATSError) {
            status = try await body(store)
        } catch {
            LogOutput.printLine(
                error.code == .noResponders ? "NATS answers, but without JetStream" : "NATS: \(error)")
            status = .unavailable
        }
        await connection.close(flush: .seconds(1))
        return status
    }

    /// Whether the connection stands in time.
    private func arrives(_ connection: NATSConnection) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await connection.connected()) != nil }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return false
            }
            group.addTask {
                await self.termination.requested()
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}
