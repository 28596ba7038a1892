import Logging
import NATSClient
import Synchronization

/// The take-over of a lane: the jobs that are there are gathered, and taken in the order of the stream.
extension HeldLane {
    /// Waits until all jobs that are there have come, and looks for those that the server does not deliver.
    func muster() async {
        while let silentFrom = self.state.withLock({ $0.muster?.silentFrom }), !self.tenure.isOver {
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
            self.takeMustered()
        } catch {
            self.services.complaints.note(error)
            try? await Task.sleep(for: .milliseconds(250))
        }
    }

    /// Takes the jobs that were there at the take-over, once all have come, or no more may be held.
    func takeMustered() {
        let largest = self.services.connection.maximumPayload
        let isReady = self.state.withLock { state in
            guard let muster = state.muster, !state.isTaking else { return false }
            state.isTaking = muster.missing == 0 || state.held.isFull(largest: largest)
            return state.isTaking
        }
        guard isReady else { return }
        while true {
            // Until the last is taken, what comes has to wait behind these.
            let jobs = self.state.withLock { state in
                let jobs = state.muster?.take() ?? []
                guard jobs.isEmpty else { return jobs }
                state.muster = nil
                state.isTaking = false
                return []
            }
            guard !jobs.isEmpty else { return }
            for job in jobs { self.take(job) }
        }
    }

    /// Lets go of what has come and was not taken.
    func dropMustered() {
        self.state.withLock { state in
            for job in state.muster?.take() ?? [] { state.held.release(job.sequence) }
            state.muster = nil
        }
    }
}
