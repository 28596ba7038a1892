import Logging
import NATSClient
import Synchronization

/// The take-over of a lane: the jobs that are there are gathered, and taken in the order of the stream.
extension HeldLane {
    /// How many are taken before others get a turn.
    private static let handful = 100

    /// Waits until all jobs that are there have come, looks for those that the server does not deliver, and takes them.
    ///
    /// Not on the thread that delivers: what the first jobs wait for comes on it, too.
    func muster() async {
        guard self.state.withLock({ $0.muster != nil }) else { return }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.lookForHidden() }
            for await _ in self.arrivals where self.beginTaking() {
                await self.takeMustered()
                break
            }
            group.cancelAll()
        }
    }

    private func lookForHidden() async {
        while let silentFrom = self.state.withLock({ $0.isTaking ? nil : $0.muster?.silentFrom }), !self.tenure.isOver {
            guard silentFrom <= .now else {
                try? await Task.sleep(until: min(silentFrom, .now + .milliseconds(250)))
                if Task.isCancelled { return }
                continue
            }
            await self.findHidden()
        }
    }

    private func findHidden() async {
        guard
            let (missing, known) = self.state.withLock({ state in
                state.muster.map { ($0.missing, state.held.sequences) }
            })
        else { return }
        do throws(NATSError) {
            let hidden = try await HiddenJobs(of: self.sender.account.name, connection: self.services.connection)
                .find(missing, besides: known)
            self.services.logger.warning(
                "nats-server did not deliver jobs that it holds, and they were read one by one; where that recurs, upgrade it",
                metadata: ["missing": "\(missing)", "found": "\(hidden.count)"])
            self.state.withLock { state in
                for delivery in hidden {
                    let job = Job(delivery)
                    let isNew = !state.isClosed && !self.settled.contains(job) && state.held.hold(job)
                    state.muster?.arrived(isNew ? job : nil, missing: 0, at: .now)
                }
                state.muster?.arrived(nil, missing: 0, at: .now)
            }
            self.holdsAgain.yield()
            self.arrival.yield()
        } catch {
            self.services.complaints.note(error)
            try? await Task.sleep(for: .milliseconds(250))
        }
    }

    /// Whether all have come, or no more may be held.
    private func beginTaking() -> Bool {
        let largest = self.services.connection.maximumPayload
        return self.state.withLock { state in
            guard let muster = state.muster else { return false }
            state.isTaking = muster.missing == 0 || state.held.isFull(largest: largest)
            return state.isTaking
        }
    }

    private func takeMustered() async {
        var count = 0
        defer {
            self.services.logger.debug(
                "jobs gathered at the take-over are taken",
                metadata: ["account": "\(self.sender.account.name)", "jobs": "\(count)"])
        }
        while !Task.isCancelled {
            // Until the last is taken, what comes has to wait behind these.
            let jobs = self.state.withLock { state in
                let jobs = state.muster?.take(atMost: Self.handful) ?? []
                if jobs.isEmpty { state.muster = nil }
                return jobs
            }
            guard !jobs.isEmpty else { return }
            count += jobs.count
            for job in jobs { self.take(job) }
            await Task.yield()
        }
    }

    /// Lets go of what has come and was not taken.
    func dropMustered() {
        self.state.withLock { state in
            while let jobs = state.muster?.take(atMost: .max), !jobs.isEmpty {
                for job in jobs { state.held.release(job.sequence) }
            }
            state.muster = nil
        }
    }
}
