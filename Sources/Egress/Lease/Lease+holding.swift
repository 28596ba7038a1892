import Logging
import NATSClient
import Synchronization

extension Lease {
    /// Refreshes the lease until `hold` has returned or the lease is lost, and ends the tenure in time.
    func keep(_ tenure: Tenure, _ claimed: Claimed) async -> Holding {
        var holding = claimed.holding
        let handOver = self.state.withLock { state in
            HandOver(
                heldSince: self.clock.now(), wasHandedOver: claimed.isHandedOver, last: state.lastHandOver,
                using: &state.random)
        }
        // Whoever cancels has cancelled `hold` too: the lease is not waited for any longer than that takes.
        while !tenure.isClosed, !Task.isCancelled {
            switch holding.next(at: self.clock.now()) {
            case .lost:
                tenure.end(.lost)
                return holding
            case .wait(let instant):
                self.considerHandOver(handOver, tenure)
                await self.bell.wait(until: instant, on: self.clock)
            case .refresh(let beat, let revision):
                let answer = await self.refresh(beat, after: revision)
                holding.answered(beat, answer, at: self.clock.now())
            case .look:
                await self.look(for: &holding)
            }
            if holding.writeBy > tenure.writeBy, !tenure.extend(to: holding.writeBy), !tenure.isClosed {
                tenure.end(.lost)
                return holding
            }
        }
        return holding
    }

    private func refresh(_ beat: Int, after revision: UInt64) async -> Holding.Answer {
        let record = LeaseRecord(worker: self.worker, state: .held, beat: beat)
        do throws(NATSError) {
            switch try await self.bucket.write(record, after: revision) {
            case .made(let revision): return .stored(revision: revision)
            case .conflict: return .refused
            }
        } catch {
            self.logger.debug("refreshing the queue lane's lease failed", metadata: ["error": "\(error)"])
            return .unknown
        }
    }

    private func look(for holding: inout Holding) async {
        do throws(NATSError) {
            let found = try await self.bucket.found()
            holding.found(found, at: self.clock.now())
        } catch {
            holding.lookFailed(at: self.clock.now())
        }
    }

    private func considerHandOver(_ handOver: HandOver, _ tenure: Tenure) {
        guard tenure.end == nil else { return }
        let next = self.state.withLock { state -> WorkerID? in
            let now = self.clock.now()
            guard let next = handOver.successor(among: state.workers, at: now) else { return nil }
            state.lastHandOver = now
            return next
        }
        guard let next else { return }
        self.logger.info("the queue lane is handed over", metadata: ["to": "\(next)"])
        tenure.end(.handOver(to: next))
    }

    /// Writes that the lease is given up; within 1 s, else it is left to run out.
    func release(_ holding: Holding, _ state: LeaseRecord.State) async {
        let record = LeaseRecord(worker: self.worker, state: state, beat: holding.beat + 1)
        let deadline = self.clock.now() + .seconds(1)
        var revision = holding.revision
        repeat {
            do throws(NATSError) {
                guard try await self.bucket.write(record, after: revision) == .conflict else { return }
                // A refresh may have been stored without an answer; anything else is not ours to release.
                let found = try await self.bucket.found()
                guard let found, let last = found.record, last.worker == self.worker, !last.isRelease else { return }
                revision = found.revision
            } catch {
                guard error.code != .closed else { return }
                await self.clock.sleep(self.clock.now() + .milliseconds(200))
            }
        } while self.clock.now() < deadline && !Task.isCancelled
    }
}
