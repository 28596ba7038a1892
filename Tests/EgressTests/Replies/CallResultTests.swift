import Testing

@testable import Egress

/// What is made of Graph's answers, the strange ones included.
@Suite struct CallResultTests {
    @Test(arguments: [
        (200, #"{"messages":[]}"#, "sent"),
        (200, "", "sent"),
        (201, "<html>", "sent"),
        (200, #"{"error":"text"}"#, "sent"),
        (200, #"{"error":null}"#, "sent"),
        (200, #"[{"error":{}}]"#, "sent"),
        (200, #"{"error":{"code":100}}"#, "refused"),
        (206, #"{"error":{"code":131201}}"#, "refused"),
        (500, #"{"error":{"code":131000}}"#, "refused"),
        (503, #"{"error":{}}"#, "refused"),
        (302, "", "refused without error"),
        (400, #"{"error":"text"}"#, "refused without error"),
        (401, "Unauthorized", "refused without error"),
        (429, "", "refused without error"),
        (408, "", "unknown"),
        (408, #"{"error":{"code":1}}"#, "refused"),
        (500, "", "unknown"),
        (502, "{}", "unknown"),
        (503, #"{"error":"text"}"#, "unknown"),
        (599, "", "unknown"),
        (100, "", "unknown"),
        (0, "", "unknown"),
        (999, "", "unknown"),
    ])
    func `An error object decides, else the status does`(_ status: Int, _ body: String, _ sort: String) {
        let answer = GraphAnswer(status: status, body: Array(body.utf8))
        let result = CallResult(.answered(answer))
        switch result {
        case .sent(answer): #expect(sort == "sent")
        case .refused(answer, .some): #expect(sort == "refused")
        case .refused(answer, nil): #expect(sort == "refused without error")
        case .unknown(_, answer): #expect(sort == "unknown")
        default: Issue.record("\(result) does not hold the answer")
        }
    }

    @Test func `What was not written was certainly not sent, what was lost may have been`() {
        #expect(CallResult(.notWritten(reason: "refused")) == .unreached(reason: "refused"))
        #expect(CallResult(.lost(reason: "reset")) == .unknown(reason: "reset", nil))
    }

    @Test(arguments: [
        ("190", 190), (#""190""#, 190), (#""-1""#, -1), ("0", 0), ("1.5", nil), (#""x""#, nil), (#""""#, nil),
        ("null", nil),
        ("99999999999999999999", nil), (#""99999999999999999999""#, nil), ("true", nil), ("[1]", nil),
    ])
    func `A code is a whole number, or a string of one`(_ given: String, _ code: Int?) throws {
        let error = try #require(GraphError(in: Array(#"{"error":{"code":\#(given),"error_subcode":\#(given)}}"#.utf8)))
        #expect(error.code == code)
        #expect(error.subcode == code)
    }

    @Test func `An error object is read as far as it is there`() throws {
        let whole = try #require(
            GraphError(
                in: Array(
                    #"{"error":{"message":"m\ud800","type":"T","code":100,"error_subcode":33,"#
                        .utf8) + Array(#""is_transient":true,"error_data":{"details":"d"}}}"#.utf8)))
        #expect(whole.message == "m\u{FFFD}")
        #expect(whole.type == "T")
        #expect(whole.code == 100)
        #expect(whole.subcode == 33)
        #expect(whole.isTransient == true)
        #expect(whole.details == "d")

        let odd = try #require(GraphError(in: Array(#"{"error":{"message":5,"type":[],"error_data":"text"}}"#.utf8)))
        #expect(odd.message == nil)
        #expect(odd.type == nil)
        #expect(odd.details == "text")
        #expect(odd.isTransient == nil)
    }

    @Test(arguments: ["", "null", "5", #"{"error":[]}"#, #"{"error":"x"}"#, #"{"error":{}"#, #"{"errors":{}}"#])
    func `Anything but an object error is none`(_ body: String) {
        #expect(GraphError(in: Array(body.utf8)) == nil)
    }
}
