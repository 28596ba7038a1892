@testable import GraphSimulator
import Testing

@Suite struct ThrottlesTests {
    @Test func `A rate window lets n through within any second`() {
        var window = RateWindow()
        let times: [Duration] = [.milliseconds(0), .milliseconds(900), .milliseconds(950), .milliseconds(1_000)]
        let passes = times.map { window.pass(at: $0, limit: 2) }
        #expect(passes == [true, true, false, true])
        let later: [Duration] = [.milliseconds(1_899), .milliseconds(1_900), .milliseconds(5_000)]
        let laterPasses = later.map { window.pass(at: $0, limit: 2) }
        #expect(laterPasses == [false, true, true])
    }

    @Test func `A pair bucket lets its burst through, then one an interval`() {
        var bucket = PairBucket()
        let rate = SimulatorFaults.PairRate(burst: 3, interval: .seconds(6))
        let start = Duration.seconds(100)
        let times: [Duration] = [.zero, .zero, .zero, .zero, .seconds(5), .seconds(6), .seconds(7)]
        let passes = times.map { bucket.pass(at: start + $0, rate: rate) }
        #expect(passes == [true, true, true, false, false, true, false])
    }

    @Test func `A bounded log keeps the last entries, within its entries and its bytes`() {
        var log = BoundedLog<Int>(entries: 3, bytes: 100) { $0 }
        for entry in [1, 2, 3, 4] { log.append(entry) }
        #expect(Array(log.entries) == [2, 3, 4])
        log.append(95)
        #expect(Array(log.entries) == [4, 95])
        log.append(1_000)
        #expect(Array(log.entries) == [1_000])
        for entry in 0..<10_000 { log.append(entry % 7) }
        #expect(Array(log.entries) == [(9_997 % 7), (9_998 % 7), (9_999 % 7)])
    }

    @Test func `JSON is written in Meta's wire style`() {
        let json: MetaJSON =
            #"{"a":\#("/\"\\\n\u{1}é😀\u{7f}"),"b":\#(-3),"c":\#(true),"d":\#(MetaJSON.list(["1", "2"]))}"#
        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"{"a":"\/\"\\\n\u0001\u00e9\ud83d\ude00\u007f","b":-3,"c":true,"d":[1,2]}"#)
    }
}
