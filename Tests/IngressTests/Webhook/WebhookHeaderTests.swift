import Testing

@testable import Ingress

@Suite struct WebhookHeaderTests {
    @Test func `A message says whose it is, and from whom`() throws {
        let events = try TestWebhook.events(
            #""contacts":[{"profile":{"name":"Ann"},"wa_id":"447700900123"}]"#,
            #""messages":[{"id":"wamid.1","from":"447700900123"}]"#)
        for event in events {
            #expect(
                event.headers.map { "\($0.name): \($0.value)" } == [
                    "Wa-Phone-Number-Id: 106540352242922", "Wa-Business-Account-Id: 7", "Wa-Message-Id: wamid.1",
                    "Wa-From: 447700900123", "Wa-Contact-Name: Ann",
                ])
        }
        #expect(events.count == 2)
    }

    @Test(arguments: ["\"\"", "null", "7", "[]", "{}"])
    func `A member that is empty or no string gives no header`(other: String) throws {
        let change = TestWebhook.change(
            #""contacts":[{"profile":{"name":\#(other)},"wa_id":\#(other),"user_id":\#(other)}]"#,
            #""messages":[{"id":\#(other),"from":\#(other),"from_user_id":\#(other)}],"statuses":[{}]"#)
        let events = try TestWebhook.read(TestWebhook.body(entries: TestWebhook.entry(id: other, change))).events
        #expect(events.count == 4)
        for event in events { #expect(event.headers.map(\.name) == ["Wa-Phone-Number-Id"]) }
    }

    private static let contacts = #"""
        "contacts":[
            {"wa_id":"1","profile":{"name":"one"}},
            {"wa_id":"2","user_id":"GB.2","profile":{"name":"two"}},
            {"user_id":"GB.3","profile":{"name":"three"}},
            {"wa_id":"4","user_id":"GB.4"},
            {"wa_id":"1","profile":{"name":"one again"}},
            {"wa_id":5,"profile":{"name":"five"}},
            {"wa_id":"6","profile":"six"}
        ]
        """#

    @Test(
        arguments: [
            (#""from":"1""#, "one"), (#""from":"2""#, "two"), (#""from":"1","from_user_id":"GB.2""#, "two"),
            (#""from_user_id":"GB.3""#, "three"), (#""from":"1","from_user_id":"GB.9""#, "one"),
            (#""from":"1","from_user_id":"GB.4""#, nil), (#""from":"9""#, nil), (#""from":"4""#, nil),
            (#""from":"5""#, nil),
            (#""from":"6""#, nil), (#""from":"GB.3""#, nil), (#""from_user_id":"1""#, nil), (#""type":"text""#, nil),
        ] as [(String, String?)])
    func `The contact's name is the one of the message's sender`(sender: String, name: String?) throws {
        let events = try TestWebhook.events(Self.contacts, #""messages":[{"id":"a",\#(sender)}]"#)
        #expect(events.map { $0[header: "Wa-Contact-Name"] } == [name, name])
    }

    @Test(arguments: [
        (#""A\r\nB: c""#, "A%0D%0AB: c"), (#""100%""#, "100%25"), (#"" a ""#, "%20a%20"), (#""Ж""#, "%D0%96"),
        (#""\u0416""#, "%D0%96"), (#""\ud83d""#, "%EF%BF%BD"), (#""\ud83d\ude00""#, "%F0%9F%98%80"),
    ])
    func `Header values are escaped to printable ASCII`(name: String, value: String) throws {
        let events = try TestWebhook.events(
            #""contacts":[{"profile":{"name":\#(name)},"wa_id":"1"}]"#, #""messages":[{"id":\#(name),"from":"1"}]"#)
        #expect(events.map { $0[header: "Wa-Contact-Name"] } == [value, value])
        #expect(events.map { $0[header: "Wa-Message-Id"] } == [value, value])
    }

    @Test(arguments: [
        (String(repeating: "a", count: 600), String(repeating: "a", count: 512)),
        (String(repeating: "é", count: 300), String(repeating: "%C3%A9", count: 85)),
        ("a" + String(repeating: "\u{1}", count: 300), "a" + String(repeating: "%01", count: 170)),
    ])
    func `Header values end at 512 bytes, never inside an escape`(name: String, value: String) throws {
        let written = name.replacing("\u{1}", with: "\\u0001")
        let events = try TestWebhook.events(
            #""contacts":[{"profile":{"name":"\#(written)"},"wa_id":"1"}]"#, #""messages":[{"from":"1"}]"#)
        let header = try #require(events.first?[header: "Wa-Contact-Name"])
        #expect(header.hasPrefix(value))
        #expect(header.utf8.count <= 512)
        #expect(header.utf8.count - value.utf8.count < 3)
    }
}
