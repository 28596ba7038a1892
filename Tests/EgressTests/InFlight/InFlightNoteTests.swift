import NATSClient
import Testing

@testable import Egress

@Suite struct InFlightNoteTests {
    @Test(arguments: [nil, OwnCallback("wa1:00000000000000010000000000000002")])
    func `A note reads itself back`(_ callback: OwnCallback?) {
        let note = InFlightNote(
            job: 41, stored: StreamTime(nanoseconds: 1_763_830_000_000_000_001), attempts: 3, isInFlight: true,
            callback: callback)
        #expect(InFlightNote(note.json) == note)
    }

    @Test func `A note remembers that an earlier try may have sent its job`() {
        let note = InFlightNote(
            job: 41, stored: StreamTime(nanoseconds: 1), attempts: 3, isInFlight: false, callback: nil,
            wasInDoubt: true)
        #expect(InFlightNote(note.json)?.wasInDoubt == true)
    }

    @Test(
        arguments: [
            "", "{}", "[]", "null", #"{"job":0,"stored":1,"attempts":0,"in_flight":true}"#,
            #"{"job":-1,"stored":1,"attempts":0,"in_flight":true}"#,
            #"{"job":1.5,"stored":1,"attempts":0,"in_flight":true}"#,
            #"{"job":1,"stored":"1","attempts":0,"in_flight":true}"#,
            #"{"job":1,"stored":1,"attempts":-1,"in_flight":true}"#,
            #"{"job":1,"stored":1,"attempts":0,"in_flight":1}"#, #"{"job":1,"stored":1,"attempts":0}"#,
        ])
    func `What no gateway has written is no note`(_ text: String) {
        #expect(InFlightNote(Array(text.utf8)) == nil)
    }
}
