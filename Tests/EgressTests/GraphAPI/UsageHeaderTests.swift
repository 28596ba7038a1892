import Testing

@testable import Egress

@Suite struct UsageHeaderTests {
    @Test(arguments: [
        (#"{"1":[{"type":"messaging","call_count":100,"estimated_time_to_regain_access":19}]}"#, 19),
        (#"{"1":[{"estimated_time_to_regain_access":1},{"estimated_time_to_regain_access":30}],"2":[]}"#, 30),
        (#"{"call_count":1,"estimated_time_to_regain_access":5}"#, 5),
        (#"{"estimated_time_to_regain_access":9223372036854775807}"#, 1_440),
    ])
    func `The highest time is found, minutes there, at most a day`(value: String, minutes: Int) {
        #expect(UsageHeader.regainAccess(value) == .seconds(minutes * 60))
    }

    @Test(arguments: [
        "", "{", "[]", "7", #"{"1":[{"estimated_time_to_regain_access":0}]}"#,
        #"{"1":[{"estimated_time_to_regain_access":-4}]}"#, #"{"1":[{"estimated_time_to_regain_access":"4"}]}"#,
        #"{"estimated_time_to_regain_access":99999999999999999999}"#,
        #"{"estimated_time_to_regain_access":5,"x":""# + String(repeating: "x", count: 17_000) + #""}"#,
    ])
    func `Without a readable time above zero there is none`(value: String) {
        #expect(UsageHeader.regainAccess(value) == nil)
    }
}
