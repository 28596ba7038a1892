import Testing

@testable import Egress

/// What a call tells those who pace it: pair, rate, and whether it may be repeated.
@Suite struct PacingFactsTests {
    @Test(arguments: [
        (#""to":"447700900123""#, "447700900123"),
        (#""to":"+44 (7700) 900-123""#, "447700900123"),
        (#""to":"+44\t7700\u00a0900123""#, "447700900123"),
        (#""to":"+44","recipient":"US.1""#, "44"),
        (#""to":"Y2FwaV9ncm91cDox","recipient_type":"group""#, "Y2FwaV9ncm91cDox"),
        (#""recipient":"US.13 +4""#, "US.13 +4"),
        (#""to":"+ -","recipient":"US.1""#, "US.1"),
    ])
    func `The pair is to without its punctuation, else recipient`(_ given: String, _ key: String) throws {
        #expect(try call("sendMessage", #"{"text":"t",\#(given)}"#).pair?.key == key)
    }

    @Test func `Blanks alone are no pair`() throws {
        #expect(try call("sendMessage", #"{"text":"t","to":"+ -"}"#).pair == nil)
    }

    @Test(arguments: [
        ("sendMessage", #"{"to":"1","text":"t"}"#, "1", true, false),
        ("sendReaction", #"{"to":"1","message_id":"m","emoji":""}"#, "1", true, true),
        ("markRead", #"{"message_id":"m"}"#, nil, true, true),
        ("typing", #"{"message_id":"m"}"#, nil, true, true),
        ("raw", #"{"body":{"to":"+1"}}"#, "1", true, false),
        ("raw", #"{"body":{"to":1.0}}"#, "1.0", true, false),
        ("raw", #"{"body":{"recipient":"US.1"}}"#, "US.1", true, false),
        ("raw", #"{"body":{"status":"read","message_id":"m"}}"#, nil, true, false),
        ("raw", #"{"body":[{"to":"1"}]}"#, nil, true, false),
        ("raw", #"{"path":"/","body":{"to":"1"}}"#, "1", true, false),
        ("raw", #"{"path":"106540352242922/messages","body":{"to":"1"}}"#, "1", true, false),
        ("raw", #"{"path":"//106540352242922//messages/?x=1","body":{"to":"1"}}"#, "1", true, false),
        ("raw", #"{"path":"106540352242922/%6Dessages","query":{"a":1},"body":{"to":"1"}}"#, "1", true, false),
        ("raw", #"{"path":"106540352242922/Messages","body":{"to":"1"}}"#, "1", true, false),
        ("raw", #"{"path":"987654321/messages","body":{"to":"1"}}"#, nil, false, false),
        ("raw", #"{"path":"106540352242922/marketing_messages","body":{"to":"1"}}"#, nil, false, false),
        ("raw", #"{"path":"106540352242922/messages/x","body":{"to":"1"}}"#, nil, false, false),
        ("raw", #"{"path":"x?106540352242922/messages","body":{"to":"1"}}"#, nil, false, false),
        ("raw", #"{"path":"5","method":"GET"}"#, nil, false, true),
        ("raw", #"{"path":"5","method":"DELETE"}"#, nil, false, true),
        ("raw", #"{"method":"GET"}"#, nil, true, true),
    ])
    func `A call says whom it concerns, what it counts for and whether it may be repeated`(
        _ action: String, _ payload: String, _ pair: String?, _ countsForRate: Bool, _ isRepeatable: Bool
    ) throws {
        let call = try call(action, payload)
        #expect(call.pair?.key == pair)
        #expect(call.countsForRate == countsForRate)
        #expect(call.isRepeatable == isRepeatable)
    }

    @Test(arguments: [
        ("raw", #"{"path":"5","method":"GET"}"#, true),
        ("raw", #"{"path":"106540352242922/messages","body":1}"#, true),
        ("raw", #"{"path":"//","body":1}"#, false),
        ("raw", #"{"path":null,"body":1}"#, false),
        ("markRead", #"{"message_id":"m"}"#, false),
    ])
    func `Only a raw call with a path of its own names its path`(_ action: String, _ payload: String, _ names: Bool)
        throws
    {
        #expect(try call(action, payload).namesItsPath == names)
    }
}
