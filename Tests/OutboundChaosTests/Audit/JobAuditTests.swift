import TestSupport
import Testing

@Suite struct JobAuditTests {
    private let origin = ContinuousClock.now

    private func job(
        _ number: Int, to recipient: String = "1", onDoubt: ChaosJob.OnDoubt? = nil, callback: String? = nil
    ) -> ChaosJob {
        ChaosJob(
            account: ChaosAccount.all[0], number: number, recipient: recipient, place: number, onDoubt: onDoubt,
            callback: callback)
    }

    /// What was accepted: the number of a job, whether it was answered, and after how many seconds.
    private typealias Accepted = (number: Int, isAnswered: Bool, at: Int)

    private func audit(
        _ jobs: [ChaosJob], _ accepted: [Accepted], dead: [(number: Int, reason: String)] = [], sent: [Int] = [],
        disruptions: [Range<Int>] = []
    ) -> JobAudit {
        JobAudit(
            JobAudit.Evidence(
                stored: jobs.enumerated().map { JobLoad.Stored(job: $1, sequence: UInt64($0 + 1)) },
                accepted: accepted.map { accepted in
                    JobAudit.Acceptance(
                        jobID: "acme:\(accepted.number)", isAnswered: accepted.isAnswered,
                        at: self.origin + .seconds(accepted.at))
                },
                letters: dead.map {
                    ChaosLetter(jobID: "acme:\($0.number)", reason: $0.reason, code: "1", attempts: 1)
                },
                sent: sent.map { "acme:\($0)" },
                disruptions: disruptions.map {
                    self.origin + .seconds($0.lowerBound)..<self.origin + .seconds($0.upperBound)
                }))
    }

    @Test func `Jobs that were accepted once or are dead are in order`() {
        let audit = self.audit(
            [self.job(1), self.job(2), self.job(3)], [(1, true, 0), (2, false, 1)],
            dead: [(3, "out of attempts")], sent: [1, 2])
        #expect(audit.isClean)
        #expect(audit.outcomes == ["accepted": 2, "dead (out of attempts)": 1])
    }

    @Test func `A job that is neither accepted nor dead is lost`() {
        #expect(self.audit([self.job(1), self.job(2)], [(1, true, 0)]).findings == [.lost: ["acme:2"]])
    }

    @Test func `Only a job that was in doubt and may be repeated is accepted twice`() {
        let chosen = self.job(1, onDoubt: .retry, callback: "mine")
        #expect(self.audit([chosen], [(1, false, 0), (1, true, 1)]).isClean)
        #expect(self.audit([chosen], [(1, true, 0), (1, true, 1)]).findings == [.undoubted: ["acme:1"]])
        #expect(self.audit([chosen], [(1, true, 10), (1, true, 11)], disruptions: [9..<10]).isClean)
        #expect(self.audit([chosen], [(1, true, 0), (1, true, 3)]).isClean)
        #expect(
            self.audit([self.job(1, callback: "mine")], [(1, false, 0), (1, true, 1)]).findings
                == [.twice: ["acme:1"]])
        #expect(
            self.audit([self.job(1, onDoubt: .retry)], [(1, false, 0), (1, true, 1)]).findings
                == [.unheard: ["acme:1"]])
    }

    @Test func `A job that was accepted is dead only where nobody could tell`() {
        let dead = [(number: 1, reason: "unknown outcome")]
        #expect(self.audit([self.job(1, callback: "mine")], [(1, false, 0)], dead: dead).isClean)
        #expect(
            self.audit([self.job(1)], [(1, false, 0)], dead: dead).findings == [.unknownThoughTold: ["acme:1"]])
        #expect(
            self.audit([self.job(1, onDoubt: .retry)], [], dead: dead).findings
                == [.unknownThoughRepeatable: ["acme:1"]])
        let spent = [(number: 1, reason: "out of attempts")]
        #expect(
            self.audit([self.job(1, callback: "mine")], [(1, true, 0)], dead: spent).findings
                == [.deadAfterAll: ["acme:1"]])
        #expect(
            self.audit([self.job(1, onDoubt: .retry, callback: "mine")], [(1, false, 0)], dead: spent).isClean)
        #expect(self.audit([self.job(1)], [], dead: [(1, "refused")]).findings == [.strangeReason: ["acme:1"]])
        #expect(self.audit([self.job(1)], [], dead: spent + spent).findings == [.deadTwice: ["acme:1"]])
    }

    @Test func `The order counts for each recipient, and not for what nobody could tell of`() {
        let jobs = [self.job(1), self.job(2), self.job(3, to: "2"), self.job(4, callback: "mine")]
        #expect(
            self.audit(jobs, [(3, true, 0), (2, true, 1), (1, true, 2), (4, true, 3)]).findings
                == [.disordered: ["acme:1"]])
        #expect(
            self.audit(
                [self.job(1, callback: "mine"), self.job(2)], [(2, true, 1), (1, false, 2)],
                dead: [(1, "unknown outcome")]
            ).isClean)
    }

    @Test func `What was never stored, or is told and was never accepted, is found`() {
        #expect(self.audit([self.job(1)], [(1, true, 0), (7, true, 1)]).findings == [.strange: ["acme:7"]])
        let audit = self.audit([self.job(1)], [], dead: [(1, "out of attempts")], sent: [1])
        #expect(audit.findings == [.toldUnsent: ["acme:1"]])
    }
}
