import Testing

@testable import NATSClient

struct PullFlowTests {
    private let start = ContinuousClock.now
    /// Its consumer has been found.
    private var flow: PullFlow = {
        var flow = PullFlow()
        flow.consumerFound()
        return flow
    }()

    @Test mutating func `A request asks for as much as there is room, at most a batch`() {
        #expect(flow.measured(room: 20_000, at: start) == .ask(.init(number: 1, batch: 500)))
        flow = PullFlow()
        #expect(flow.measured(room: 7, at: start) == .ask(.init(number: 1, batch: 7)))
    }

    @Test mutating func `While a request is open nothing more is asked for`() {
        _ = flow.measured(room: 3, at: start)
        #expect(flow.roomHasGrown() == .nothing)
        #expect(flow.measured(room: 100, at: start) == .nothing)
        #expect(flow.due(at: start + .seconds(6)) == .nothing)
    }

    @Test mutating func `When all has come the next request is made`() {
        _ = flow.measured(room: 3, at: start)
        #expect(flow.arrived() == .nothing)
        #expect(flow.arrived() == .nothing)
        #expect(flow.arrived() == .measure)
        #expect(flow.measured(room: 2, at: start) == .ask(.init(number: 2, batch: 2)))
    }

    @Test(arguments: [0, -5]) mutating func `Without room nothing is asked for until there is some`(room: Int) {
        #expect(flow.measured(room: room, at: start) == .nothing)
        #expect(flow.deadline == nil)
        #expect(flow.due(at: start + .seconds(60)) == .nothing)
        #expect(flow.roomHasGrown() == .measure)
        #expect(flow.measured(room: 1, at: start) == .ask(.init(number: 1, batch: 1)))
    }

    @Test mutating func `Room that grows while it is measured is not overlooked`() {
        #expect(flow.roomHasGrown() == .nothing)
        #expect(flow.measured(room: 0, at: start) == .measure)
        #expect(flow.measured(room: 0, at: start) == .nothing)
    }

    @Test mutating func `A request whose time is over is followed by the next at once`() {
        _ = flow.measured(room: 9, at: start)
        #expect(flow.ended(1, .expired, at: start + PullFlow.expiry) == .measure)
    }

    @Test mutating func `A request that ended early and brought nothing is followed after a pause`() {
        _ = flow.measured(room: 9, at: start)
        #expect(flow.ended(1, .interrupted, at: start + .milliseconds(10)) == .look)
        #expect(flow.deadline == start + .milliseconds(10) + PullFlow.shortPause)
        #expect(flow.roomHasGrown() == .nothing)
        #expect(flow.due(at: start + .milliseconds(100)) == .nothing)
        #expect(flow.due(at: start + .milliseconds(10) + PullFlow.shortPause) == .measure)
    }

    @Test mutating func `A request that ended early and brought something is followed at once`() {
        _ = flow.measured(room: 9, at: start)
        _ = flow.arrived()
        #expect(flow.ended(1, .interrupted, at: start + .milliseconds(10)) == .measure)
    }

    @Test(arguments: [PullStatus.expired, .interrupted, .noResponders, .consumerGone("Consumer Deleted")])
    mutating func `Late word of an earlier request is no news`(status: PullStatus) {
        _ = flow.measured(room: 1, at: start)
        _ = flow.arrived()
        _ = flow.measured(room: 1, at: start)
        #expect(flow.ended(1, status, at: start) == .nothing)
        #expect(flow.standing == .running)
        #expect(flow.arrived() == .measure)
    }

    @Test mutating func `After a reconnect what was open is asked for anew`() {
        _ = flow.measured(room: 5, at: start)
        #expect(flow.connectionCameBack() == .measure)
        #expect(flow.measured(room: 5, at: start) == .ask(.init(number: 2, batch: 5)))
    }

    @Test mutating func `A reconnect brings nothing about where there is no room`() {
        _ = flow.measured(room: 0, at: start)
        #expect(flow.connectionCameBack() == .nothing)
    }

    @Test mutating func `A server that says nothing is asked anew after the time of the request`() throws {
        _ = flow.measured(room: 5, at: start)
        let deadline = try #require(flow.deadline)
        #expect(deadline == start + PullFlow.expiry + PullFlow.patience)
        #expect(flow.due(at: deadline) == .measure)
        #expect(flow.standing == .isConsumerThere)
        #expect(flow.measured(room: 5, at: deadline) == .ask(.init(number: 2, batch: 5)))
    }

    @Test mutating func `At the start and after a reconnect the consumer is looked for, while it is asked`() {
        flow = PullFlow()
        #expect(flow.standing == .isConsumerThere)
        #expect(flow.measured(room: 1, at: start) == .ask(.init(number: 1, batch: 1)))
        flow.consumerFound()
        #expect(flow.standing == .running)
        _ = flow.connectionCameBack()
        #expect(flow.standing == .isConsumerThere)
    }

    @Test mutating func `Messages that still come put that off`() throws {
        _ = flow.measured(room: 5, at: start)
        _ = flow.arrived()
        let deadline = try #require(flow.deadline)
        #expect(flow.due(at: deadline) == .nothing)
        #expect(flow.deadline == deadline + PullFlow.patience)
        #expect(flow.due(at: deadline + PullFlow.patience) == .measure)
    }

    @Test mutating func `A consumer that allows smaller batches gets them from then on`() {
        _ = flow.measured(room: 900, at: start)
        #expect(flow.ended(1, .batchTooLarge(limit: 100), at: start) == .measure)
        #expect(flow.measured(room: 900, at: start) == .ask(.init(number: 2, batch: 100)))
        #expect(flow.ended(2, .batchTooLarge(limit: nil), at: start) == .measure)
        #expect(flow.measured(room: 900, at: start) == .ask(.init(number: 3, batch: 50)))
        #expect(flow.ended(3, .batchTooLarge(limit: 999), at: start) == .measure)
        #expect(flow.measured(room: 900, at: start) == .ask(.init(number: 4, batch: 49)))
    }

    @Test(arguments: [0, -1, Int.min, 1])
    mutating func `A consumer that allows no batch at all is asked once in a while`(limit: Int) {
        _ = flow.measured(room: 1, at: start)
        #expect(flow.ended(1, .batchTooLarge(limit: limit), at: start) == .look)
        #expect(flow.deadline == start + PullFlow.longPause)
    }

    @Test mutating func `A limit that only time can lift is waited for`() {
        _ = flow.measured(room: 1, at: start)
        #expect(flow.ended(1, .limitMet("Exceeded MaxWaiting"), at: start) == .look)
        #expect(flow.due(at: start + PullFlow.longPause) == .measure)
    }

    @Test mutating func `A consumer that is gone ends it`() {
        _ = flow.measured(room: 1, at: start)
        #expect(flow.ended(1, .consumerGone("Consumer Deleted"), at: start) == .look)
        #expect(flow.standing == .consumerGone("Consumer Deleted"))
        #expect(flow.roomHasGrown() == .nothing)
        #expect(flow.connectionCameBack() == .nothing)
        #expect(flow.due(at: start + .seconds(60)) == .nothing)
    }

    @Test mutating func `Where nobody answers the consumer is looked for, and asked again after a pause`() {
        _ = flow.measured(room: 1, at: start)
        #expect(flow.ended(1, .noResponders, at: start) == .look)
        #expect(flow.standing == .isConsumerThere)
        flow.consumerFound()
        #expect(flow.standing == .running)
        #expect(flow.due(at: start + PullFlow.shortPause) == .measure)
    }

    @Test mutating func `After the end nothing is asked for`() {
        _ = flow.measured(room: 1, at: start)
        flow.end()
        #expect(flow.arrived() == .nothing)
        #expect(flow.roomHasGrown() == .nothing)
        #expect(flow.measured(room: 1, at: start) == .nothing)
        #expect(flow.standing == .running)
    }
}

struct PullStatusTests {
    @Test(arguments: [
        ("408", "Request Timeout", PullStatus.expired),
        ("404", "No Messages", .expired),
        ("503", "", .noResponders),
        ("409", "Consumer Deleted", .consumerGone("Consumer Deleted")),
        ("409", "Consumer is push based", .consumerGone("Consumer is push based")),
        ("409", "Exceeded MaxRequestBatch of 100", .batchTooLarge(limit: 100)),
        ("409", "Exceeded MaxRequestBatch", .batchTooLarge(limit: nil)),
        ("409", "Exceeded MaxWaiting", .limitMet("Exceeded MaxWaiting")),
        ("409", "Leadership Change", .interrupted),
        ("409", "Server Shutdown", .interrupted),
        ("409", "Message Size Exceeds MaxBytes", .interrupted),
        ("100", "Idle Heartbeat", .interrupted),
        ("", "", .interrupted),
    ])
    func `A status says why a request is over`(code: String, description: String, status: PullStatus) {
        #expect(PullStatus(code: code, description: description) == status)
    }
}
