import Testing

@testable import Egress

@Suite struct JobEndTests {
    private static let answer = GraphAnswer(status: 200, body: [])

    @Test func `What Meta accepted was sent`() {
        #expect(JobEnd(.settled(.sent(Self.answer))) == .sent(Self.answer))
    }

    @Test func `What was refused for good, expired, or ran out of attempts is dead with that reason`() {
        #expect(
            JobEnd(.settled(.refused(GraphAnswer(status: 400, body: []), nil)))
                == .dead(.refused, .refused(status: 400)))
        #expect(JobEnd(.outOfTime(last: nil)) == .dead(.expired, .expired))
        #expect(
            JobEnd(.outOfAttempts(.unreached(reason: "refused")))
                == .dead(.outOfAttempts, .unreached("refused")))
        guard case .dead(.outOfAttempts, let failure) = JobEnd(.outOfAttempts(nil)) else {
            return #expect(Bool(false), "it is dead")
        }
        #expect(failure.code == 504)
    }

    @Test func `What was taken back goes back to the stream`() {
        #expect(JobEnd(.withdrawn(last: nil)) == .withdrawn)
    }
}
