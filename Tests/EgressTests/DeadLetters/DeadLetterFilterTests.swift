import NATSClient
import Testing

@testable import Egress

/// Which dead letters `--reason`, `--code`, `--action`, `--job-id`, `--since` and `--until` mean.
@Suite struct DeadLetterFilterTests {
    private static func letter() throws -> KeptDeadLetter {
        try KeptDeadLetterTests.letter(
            headers: [
                NATSHeader("Wa-Job-Id", "shop:%D1%8B"), NATSHeader("Wa-Error-Code", "131026"),
                NATSHeader("Wa-Reason", "unknown outcome"),
            ], storedAt: StreamTime(seconds: 1000))
    }

    @Test func `Without conditions every letter matches`() throws {
        #expect(DeadLetterFilter().matches(try Self.letter()))
        #expect(DeadLetterFilter().matches(try KeptDeadLetterTests.letter()))
    }

    @Test(arguments: [
        (DeadLetterFilter(reasons: [.expired, .unknownOutcome]), true), (DeadLetterFilter(reasons: [.refused]), false),
        (DeadLetterFilter(codes: [1, 131_026]), true), (DeadLetterFilter(codes: [131_027]), false),
        (DeadLetterFilter(actions: ["raw", "sendMessage"]), true), (DeadLetterFilter(actions: ["send"]), false),
        (DeadLetterFilter(jobIDs: ["shop:ы"]), true), (DeadLetterFilter(jobIDs: ["shop:%D1%8B"]), false),
        (DeadLetterFilter(since: StreamTime(seconds: 1000)), true),
        (DeadLetterFilter(since: StreamTime(seconds: 1001)), false),
        (DeadLetterFilter(until: StreamTime(seconds: 1000)), false),
        (DeadLetterFilter(until: StreamTime(seconds: 1001)), true),
        (DeadLetterFilter(reasons: [.unknownOutcome], codes: [5]), false),
        (DeadLetterFilter(reasons: [.unknownOutcome], codes: [131_026], actions: ["sendMessage"]), true),
    ])
    func `Every condition has to hold, by any of its values`(filter: DeadLetterFilter, matches: Bool) throws {
        #expect(filter.matches(try Self.letter()) == matches)
    }

    @Test(arguments: [
        DeadLetterFilter(reasons: Set(DeadReason.allCases)), DeadLetterFilter(codes: [0]),
        DeadLetterFilter(jobIDs: [""]),
    ])
    func `A letter that does not say matches no condition`(filter: DeadLetterFilter) throws {
        #expect(!filter.matches(try KeptDeadLetterTests.letter()))
    }

    @Test func `A job ID that the header cuts is found all the same`() throws {
        let long = "shop:" + String(repeating: "ы", count: 300)
        let message = try DeadLetterTests.letter(jobID: long).message(atMost: 1 << 20)
        let letter = try KeptDeadLetterTests.letter(headers: message.headers)
        #expect(letter.jobID != long)
        #expect(DeadLetterFilter(jobIDs: [long]).matches(letter))
    }

    @Test(arguments: zip(DeadReason.allCases, DeadReason.allValueStrings))
    func `Reasons are typed with or without blanks`(reason: DeadReason, typed: String) {
        #expect(!typed.contains(" "))
        #expect(DeadReason(argument: typed) == reason && DeadReason(argument: reason.rawValue) == reason)
        #expect(DeadReason(argument: typed + "x") == nil)
    }
}
