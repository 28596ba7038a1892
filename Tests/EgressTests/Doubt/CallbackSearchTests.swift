import NATSClient
import TestSupport
import Testing

@testable import Egress

@Suite struct CallbackSearchTests {
    private static func callback(_ number: Int) -> OwnCallback {
        var random = SeededGenerator(seed: UInt64(number))
        return .random(using: &random)
    }

    private static func time(_ seconds: Int) -> StreamTime { StreamTime(seconds: seconds) }

    @Test func `Whoever waits is told of any of its values, once`() throws {
        var search = CallbackSearch()
        guard case .waits(let waiter) = search.add([Self.callback(1), Self.callback(2)], since: Self.time(10)) else {
            return #expect(Bool(false), "nothing has been met yet")
        }
        #expect(search.meet(Self.callback(3)) == [])
        #expect(search.meet(Self.callback(2)) == [waiter])
        #expect(search.meet(Self.callback(1)) == [])
        #expect(search.isIdle)
    }

    @Test func `A value that was met while statuses are read is known to those who come later`() {
        var search = CallbackSearch()
        search.reads(.from(Self.time(5)))
        #expect(search.meet(Self.callback(1)) == [])
        #expect(search.add([Self.callback(1)], since: Self.time(6)) == .met)
    }

    @Test func `Statuses have to be read from the earliest note on that somebody waits for`() {
        var search = CallbackSearch()
        #expect(search.neededFrom == nil)
        _ = search.add([Self.callback(1)], since: Self.time(20))
        _ = search.add([Self.callback(2)], since: Self.time(10))
        #expect(search.neededFrom == Self.time(10))
        search.reads(.from(Self.time(10)))
        #expect(search.neededFrom == nil)
        _ = search.add([Self.callback(3)], since: Self.time(15))
        #expect(search.neededFrom == nil, "that is read already")
        _ = search.add([Self.callback(4)], since: Self.time(9))
        #expect(search.neededFrom == Self.time(9))
    }

    @Test func `Where statuses are heard as they come, nothing is read again`() {
        var search = CallbackSearch()
        search.reads(.live)
        _ = search.add([Self.callback(1)], since: Self.time(0))
        #expect(search.neededFrom == nil)
    }

    @Test func `One who waits no more is not told`() throws {
        var search = CallbackSearch()
        guard case .waits(let waiter) = search.add([Self.callback(1)], since: Self.time(0)) else { return }
        search.remove(waiter)
        #expect(search.isIdle)
        #expect(search.meet(Self.callback(1)) == [])
    }

    @Test func `What was met long ago is forgotten, and read again by whoever needs it`() {
        var search = CallbackSearch()
        search.reads(.from(Self.time(0)))
        for number in 0...250_000 { _ = search.meet(Self.callback(number)) }
        guard case .waits = search.add([Self.callback(0)], since: Self.time(1)) else {
            return #expect(Bool(false), "memory is bounded")
        }
        #expect(search.neededFrom == Self.time(1))
    }
}
