import Logging
import NATSClient
import Synchronization

extension Lease {
    /// Contends until the lease is got; `nil` once told to stop.
    func contend() async -> Claimed? {
        self.state.withLock { state in
            let now = self.clock.now()
            var contest = Contest(of: self.worker, at: now, using: &state.random)
            contest.isPreferred = state.workers.isOwnFirst(at: now)
            state.contest = contest
        }
        defer { self.state.withLock { $0.contest = nil } }
        while let step = self.nextStep() {
            switch step {
            case .wait(let instant):
                await self.bell.wait(until: instant, on: self.clock)
            case .announce:
                self.announce()
                self.change { $0.announced(at: self.clock.now()) }
            case .look:
                if let claimed = await self.look() { return claimed }
            }
        }
        return nil
    }

    /// What to do now; `nil` once told to stop.
    private func nextStep() -> Contest.Step? {
        self.state.withLock { state in state.isStopping ? nil : state.contest?.next(at: self.clock.now()) }
    }

    /// Looks at the lease, and claims it where it may be had.
    private func look() async -> Claimed? {
        do throws(NATSError) {
            switch try await self.bucket.look() {
            case .failure(let problem):
                self.state.withLock { $0.problem = problem }
                self.change { $0.failed(at: self.clock.now(), isDisconnected: false) }
            case .success(let look):
                self.state.withLock { $0.problem = nil }
                let claim = self.change { $0.looked(look.found, term: look.term, at: self.clock.now()) }
                if let claim = claim ?? nil, !self.isStopping { return try await self.claim(claim, for: look.term) }
            }
        } catch {
            self.logger.debug("contending for the queue lane's lease failed", metadata: ["error": "\(error)"])
            let isDisconnected = error.code == .disconnected
            self.change { $0.failed(at: self.clock.now(), isDisconnected: isDisconnected) }
        }
        return nil
    }

    private func claim(_ claim: Contest.Claim, for term: LeaseTerm) async throws(NATSError) -> Claimed? {
        let sent = self.clock.now()
        let record = LeaseRecord(worker: self.worker, state: .claimed, beat: 0)
        switch try await self.bucket.write(record, after: claim.revision) {
        case .conflict:
            self.change { $0.refused(at: self.clock.now()) }
            return nil
        case .made(let revision):
            // An answer that came too late for any use leaves a record of our own, which the next look finds.
            guard self.clock.now() < term.writeBy(after: sent) else { return nil }
            return Claimed(
                holding: Holding(by: self.worker, for: term, revision: revision, claimSent: sent, on: self.grid),
                isHandedOver: claim.isHandedOver)
        }
    }

    @discardableResult
    private func change<Answer: Sendable>(_ change: (inout Contest) -> Answer) -> Answer? {
        self.state.withLock { state in
            guard var contest = state.contest else { return nil }
            defer { state.contest = contest }
            return change(&contest)
        }
    }
}
