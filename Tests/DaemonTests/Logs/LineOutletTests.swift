import Glibc
import Testing

@testable import Daemon

@Suite struct LineOutletTests {
    private static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        try #require(Glibc.pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    @Test func `A line is written whole`() throws {
        let (reading, writing) = try Self.pipe()
        #expect(LineOutlet(descriptor: writing).take(Array("hello\n".utf8), waits: false) == .taken)
        close(writing)
        var buffer = [UInt8](repeating: 0, count: 64)
        #expect(read(reading, &buffer, buffer.count) == 6)
        close(reading)
    }

    @Test func `A full pipe holds a line for its patience alone`() throws {
        let (reading, writing) = try Self.pipe()
        let outlet = LineOutlet(descriptor: writing, patience: .milliseconds(100))
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 4096)
        var taken = 0
        while outlet.take(line, waits: false) == .taken { taken += 1 }
        #expect(taken > 0)
        let began = ContinuousClock.now
        #expect(outlet.take(line, waits: true) == .full)
        let took = began.duration(to: .now)
        #expect(took >= .milliseconds(90) && took < .seconds(10))
        var buffer = [UInt8](repeating: 0, count: 8192)
        #expect(read(reading, &buffer, buffer.count) == 8192)
        #expect(outlet.take(line, waits: false) == .taken)
        close(reading)
        close(writing)
    }

    @Test func `Where nobody reads any more, that is told`() throws {
        let (reading, writing) = try Self.pipe()
        signal(SIGPIPE, SIG_IGN)
        close(reading)
        #expect(LineOutlet(descriptor: writing).take([10], waits: true) == .gone(EPIPE))
        close(writing)
    }
}
