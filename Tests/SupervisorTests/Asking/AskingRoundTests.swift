import TestSupport
import Testing

@testable import Supervisor

@Suite(.serialized) struct AskingRoundTests {
    private static func ask(
        _ manners: [FakeWorkers.Manner], within limits: AskingRound.Limits = AskingRound.Limits()
    ) throws -> (pages: [AskedPage?], time: Duration) {
        let workers = try FakeWorkers(manners)
        let begin = ContinuousClock.now
        let pages = AskingRound.ask(
            workers.sockets.map { SocketAddress(unix: $0.path) }, for: "/metrics", within: limits)
        return withExtendedLifetime(workers) { (pages, .now - begin) }
    }

    private static let fine = FakeWorkers.Manner.answers(FakeWorkers.answer("x 1\n"))
    private static let endless = FakeWorkers.Manner.answers(
        Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + [UInt8](repeating: 0x20, count: 100_000))
    private static let page = AskedPage.answered(status: 200, body: Array("x 1\n".utf8))

    @Test func `Every page comes in the place of its address`() throws {
        let manners = (0..<300).map { FakeWorkers.Manner.answers(FakeWorkers.answer("x \($0)\n")) }
        let (pages, _) = try Self.ask(manners)
        #expect(pages == (0..<300).map { .answered(status: 200, body: Array("x \($0)\n".utf8)) })
    }

    @Test(arguments: [
        (FakeWorkers.Manner.silent, AskFailure.timeout), (.drips, .timeout), (.stopped, .timeout),
        (Self.endless, .tooLarge), (.hangsUp, .unreachable), (.answers(Array("what?\r\n\r\n".utf8)), .malformed),
    ])
    func `One that does not answer as it should is told apart, and the others are there`(
        manner: FakeWorkers.Manner, failure: AskFailure
    ) throws {
        var limits = AskingRound.Limits()
        (limits.bytes, limits.each, limits.all) = (64 << 10, .seconds(2), .seconds(3))
        let (pages, time) = try Self.ask([Self.fine, manner, Self.fine], within: limits)
        #expect(pages == [Self.page, .failed(failure), Self.page])
        #expect(time < .seconds(4))
    }

    @Test func `Nobody at an address, and no address, are unreachable`() {
        let pages = AskingRound.ask(
            [SocketAddress(unix: "/nowhere/at.all"), nil], for: "/metrics", within: AskingRound.Limits())
        #expect(pages == [.failed(.unreachable), .failed(.unreachable)])
    }

    @Test func `However many are stopped, all of it ends in its time`() throws {
        let stopped = [FakeWorkers.Manner](repeating: .stopped, count: 600)
        let (pages, time) = try Self.ask([Self.fine] + stopped + [Self.fine])
        #expect(pages[0] == Self.page)
        // Twice as many as are asked at once have had their turn.
        #expect(pages.count { $0 == .failed(.timeout) } == 256)
        #expect(pages.dropFirst(257).allSatisfy { $0 == nil })
        #expect(time >= .seconds(2) && time < .milliseconds(2500))
    }

    @Test func `What all of them send together is bounded too`() throws {
        var limits = AskingRound.Limits()
        limits.allBytes = 1000
        let body = String(repeating: "x", count: 300)
        let answers = [FakeWorkers.Manner](repeating: .answers(FakeWorkers.answer(body)), count: 10)
        let (pages, _) = try Self.ask(answers, within: limits)
        let answered = pages.count { $0 == .answered(status: 200, body: Array(body.utf8)) }
        #expect((1...3).contains(answered))
        #expect(pages.count { $0 == .failed(.tooLarge) } == 10 - answered)
    }
}
