import NATSClient
import Synchronization

/// What becomes of jobs that the sender has done with: each is an errand of `run()`'s.
extension HeldLane {
    /// What `run()` is to see to.
    enum Errand: Sendable {
        case settle(Settlement)
        case findOut(JobEscort, SendTicket, CallResult?)
        case letGo(JobEscort)
        case settleAgain(Job)
    }

    func attend(to errand: Errand) async {
        switch errand {
        case .settle(let settlement):
            let job = settlement.job
            if await self.desk.settle(settlement, ack: { self.ack(of: job) }) { self.settled.note(job) }
            settlement.span.endJob(settlement.end)
            self.release(job)
        case .settleAgain(let job):
            await self.desk.settleAgain(job)
        case .letGo(let escort):
            await escort.withdrawn()
            escort.span.endJob(.withdrawn)
            self.release(escort.accepted.job)
        case .findOut(let escort, let ticket, let last):
            await self.findOut(escort, ticket, last)
        }
    }

    private func ack(of job: Job) -> AckSubject {
        self.state.withLock { $0.held.ack(of: job.sequence) } ?? job.delivery.ack
    }

    /// Settles a doubt, unless the lane is lost meanwhile, and the job with it.
    private func findOut(_ escort: JobEscort, _ ticket: SendTicket, _ last: CallResult?) async {
        let inquiry = DoubtInquiry(
            escort, last: last, watch: self.doubts, notes: self.notes, connection: self.services.connection)
        let answer = await inquiry.answer()
        let settlement: DoubtSettlement? =
            switch answer {
            case .cancelled: nil
            case .sent: .sent
            case .unsent, .mayBeSentTwice: .retry
            case .settledElsewhere, .unknown: .dead
            }
        guard let settlement else { return }
        if answer == .mayBeSentTwice { escort.triedAgainInDoubt() }
        guard self.sender.resolve(ticket, settlement) else { return }
        switch answer {
        case .cancelled, .unsent, .mayBeSentTwice: return
        case .sent: self.settle(escort, .sent(nil), attempts: escort.attempts)
        case .unknown:
            let failure = last?.failure ?? .unknown("the worker that had the job has died")
            self.settle(escort, .dead(.unknownOutcome, failure), attempts: escort.attempts)
        case .settledElsewhere:
            escort.freeSlots()
            self.feed.yield(.letGo(escort))
        }
    }

    func settle(_ escort: JobEscort, _ end: JobEnd, attempts: Int) {
        self.feed.yield(
            .settle(
                Settlement(
                    job: escort.accepted.job, span: escort.span, end: end, attempts: attempts, escort: escort)))
    }
}
