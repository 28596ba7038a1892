import TestSupport
import Testing

@testable import Egress

@Suite struct LeaseRecordTests {
    private let worker = WorkerID(host: "web-1.example.org", number: 0xAB)
    private let next = WorkerID(host: "web_2", number: .max)

    @Test func `A record is read as it was written`() {
        let states: [LeaseRecord.State] = [
            .claimed, .held, .released(next: nil), .released(next: next), .handedOver(to: next),
        ]
        for state in states {
            let record = LeaseRecord(worker: worker, state: state, beat: 12)
            #expect(LeaseRecord(parsing: record.json) == record)
        }
        let text = String(decoding: LeaseRecord(worker: worker, state: .held, beat: 12).json, as: UTF8.self)
        #expect(text == #"{"worker":"web-1.example.org.00000000000000ab","state":"held","beat":12}"#)
    }

    @Test(arguments: [
        "", "{}", "null", #"{"worker":"box.0123456789abcdef","state":"held"}"#,
        #"{"worker":"box.0123456789abcdef","state":"eaten","beat":1}"#,
        #"{"worker":"box","state":"held","beat":1}"#,
        #"{"worker":"box.0123456789abcdef","state":"handed over","beat":1}"#,
        #"{"worker":"box.0123456789abcdef","state":"held","beat":1}"# + String(repeating: " ", count: 3000),
    ])
    func `What no worker wrote is no record`(text: String) {
        #expect(LeaseRecord(parsing: Array(text.utf8)) == nil)
    }

    @Test func `A worker's name holds nothing but what a subject or a log may hold, and is read back`() {
        #expect(WorkerID(host: "a b\n\"ü", number: 1).host == "a-b----")
        #expect(WorkerID(host: "").host == "localhost")
        let longest = WorkerID(host: String(repeating: "h", count: 300))
        #expect(WorkerID(parsing: longest.description) == longest)
        #expect(WorkerID.onThisHost() != WorkerID.onThisHost())
        #expect(WorkerID.onThisHost().host == WorkerID.onThisHost().host)
    }

    @Test(arguments: [
        "", ".0123456789abcdef", "box.0123456789abcde", "box.0123456789abcdeg", "box 0123456789abcdef",
        "a b.0123456789abcdef",
    ])
    func `Other texts are no worker's name`(text: String) {
        #expect(WorkerID(parsing: text) == nil)
    }
}
