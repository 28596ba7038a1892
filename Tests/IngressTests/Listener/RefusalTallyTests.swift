import NIOCore
import Testing

@testable import Ingress

@Suite struct RefusalTallyTests {
    private let start = NIODeadline.uptimeNanoseconds(5_000_000_000_000)

    @Test func `The first is warned of at once, those of the next minute together`() {
        var tally = RefusalTally()
        #expect(tally.refused(at: self.start) == .warn(count: 1))
        #expect(tally.refused(at: self.start + .seconds(10)) == .flush(after: .seconds(50)))
        #expect(tally.refused(at: self.start + .seconds(20)) == .none)
        #expect(tally.refused(at: self.start + .seconds(59)) == .none)
        #expect(tally.flush(at: self.start + .seconds(60)) == 3)
        #expect(tally.refused(at: self.start + .seconds(61)) == .flush(after: .seconds(59)))
        #expect(tally.flush(at: self.start + .seconds(120)) == 1)
        #expect(tally.flush(at: self.start + .seconds(180)) == nil)
    }

    @Test func `After a quiet minute the next is warned of at once`() {
        var tally = RefusalTally()
        #expect(tally.refused(at: self.start) == .warn(count: 1))
        #expect(tally.refused(at: self.start + .seconds(60)) == .warn(count: 1))
    }

    @Test func `None is left out when a flush comes late`() {
        var tally = RefusalTally()
        #expect(tally.refused(at: self.start) == .warn(count: 1))
        #expect(tally.refused(at: self.start + .seconds(59)) == .flush(after: .seconds(1)))
        #expect(tally.refused(at: self.start + .seconds(61)) == .warn(count: 2))
        #expect(tally.flush(at: self.start + .seconds(62)) == nil)
    }
}
