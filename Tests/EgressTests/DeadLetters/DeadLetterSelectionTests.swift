import Addressing
import NATSClient
import Testing

@testable import Egress

/// What is asked before dead letters are replayed or dropped, and what is said afterwards.
@Suite struct DeadLetterSelectionTests {
    private static let now = StreamTime(seconds: 2000)

    private static func selection(_ work: DeadLetterWork, _ headers: [[NATSHeader]]) throws -> DeadLetterSelection {
        var selection = DeadLetterSelection(work, of: try #require(AccountName("shop")))
        for (index, headers) in headers.enumerated() {
            selection.add(
                try KeptDeadLetterTests.letter(sequence: UInt64(index + 1), headers: headers), at: Self.now)
        }
        return selection
    }

    private static let over = [NATSHeader("Wa-Expires", "1000")]
    private static let cut = [NATSHeader("Wa-Truncated", "payload")]

    @Test func `The question names the work, the count and the account`() throws {
        #expect(try Self.selection(.replay, [[], []]).question == "Replay 2 dead letters of shop? [y/N] ")
        #expect(try Self.selection(.drop, [[]]).question == "Drop 1 dead letter of shop? [y/N] ")
    }

    @Test func `A replay without Wa-Expires is said in the count, a drop is not concerned`() throws {
        let one = try Self.selection(.replay, [[], Self.over])
        #expect(
            one.question == "Replay 2 dead letters of shop, 1 of them without its Wa-Expires, which is over? [y/N] ")
        let two = try Self.selection(.replay, [Self.over, Self.over])
        #expect(
            two.question == "Replay 2 dead letters of shop, 2 of them without their Wa-Expires, which is over? [y/N] ")
        #expect(try Self.selection(.drop, [Self.over]).question == "Drop 1 dead letter of shop? [y/N] ")
    }

    @Test func `What cannot be replayed stays and is told; it can be dropped`() throws {
        let replay = try Self.selection(.replay, [[], Self.cut, Self.cut + Self.over, []])
        #expect(replay.sequences == [1, 4] && replay.unreplayable == 2 && replay.expired == 0)
        #expect(
            replay.remark
                == "2 dead letters of shop cannot be replayed, for want of the whole payload or readable headers")
        let drop = try Self.selection(.drop, [[], Self.cut])
        #expect(drop.sequences == [1, 2] && drop.remark == nil)
    }

    @Test func `The end tells what was done, and what was not`() throws {
        let selection = try Self.selection(.replay, [[], [], Self.over])
        var outcome = DeadLetterOutcome()
        #expect(outcome.summary(of: selection) == "Replayed 0 of 3 dead letters of shop.")
        outcome.finished()
        outcome.finished(expired: true)
        #expect(
            outcome.summary(of: selection)
                == "Replayed 2 of 3 dead letters of shop, 1 of them without its Wa-Expires, which is over.")
        outcome.missed()
        #expect(
            outcome.summary(of: selection)
                == "Replayed 2 of 3 dead letters of shop, 1 of them without its Wa-Expires, which is over; 1 was gone.")
        var all = DeadLetterOutcome()
        all.finished()
        #expect(all.summary(of: try Self.selection(.drop, [[]])) == "Dropped 1 dead letter of shop.")
    }
}
