import Testing

@testable import Egress

/// What the `send…` actions write, byte for byte.
@Suite struct OutboundMessageTests {
    @Test func `A message has its members in a sensible order and its strings as they were written`() throws {
        let payload =
            #"{"text":"\u041f \/ \ud83d","biz_opaque_callback_data":"cb","recipient":"US.1","to":"+44 (7)","#
            + #""recipient_identity_key_hash":"h","recipient_type":"group","reply_to":"wamid.A","preview_url":true}"#
        #expect(
            try body("sendMessage", payload)
                == #"{"messaging_product":"whatsapp","recipient_type":"group","to":"+44 (7)","recipient":"US.1","#
                + #""type":"text","text":{"body":"\u041f \/ \ud83d","preview_url":true},"#
                + #""context":{"message_id":"wamid.A"},"recipient_identity_key_hash":"h","#
                + #""biz_opaque_callback_data":"cb"}"#)
    }

    @Test(arguments: [
        (
            "sendImage", #""media_id":"1","caption":"c","filename":"f","voice":true"#,
            #""image":{"id":"1","caption":"c"}"#
        ),
        ("sendVideo", #""link":"l","caption":"","voice":true"#, #""video":{"link":"l","caption":""}"#),
        (
            "sendDocument", #""media_id":"1","caption":"c","filename":"f""#,
            #""document":{"id":"1","caption":"c","filename":"f"}"#
        ),
        ("sendAudio", #""link":"l","caption":"c","voice":true"#, #""audio":{"link":"l","voice":true}"#),
        ("sendAudio", #""link":"l","voice":false"#, #""audio":{"link":"l","voice":false}"#),
        ("sendSticker", #""link":"l","caption":"c","filename":"f""#, #""sticker":{"link":"l"}"#),
        ("sendImage", #""media_id":"","link":"l""#, #""image":{"link":"l"}"#),
        ("sendImage", #""media_id":null,"link":"l""#, #""image":{"link":"l"}"#),
        ("sendImage", #""media_id":"1","link":"""#, #""image":{"id":"1"}"#),
        ("sendLocation", #""latitude":-0.0,"longitude":1.50e+2"#, #""location":{"latitude":-0.0,"longitude":1.50e+2}"#),
        ("sendContact", #""contacts":[ {"a":1.0} , 2]"#, #""contacts":[ {"a":1.0} , 2]"#),
        ("sendTemplate", #""template":{ "b":1e400, "a" : "\u0041" }"#, #""template":{ "b":1e400, "a" : "\u0041" }"#),
        ("sendInteractive", #""interactive":{"x":[ ]}"#, #""interactive":{"x":[ ]}"#),
        (
            "sendReaction", #""message_id":"m","emoji":"\ud83d\udc4d""#,
            #""reaction":{"message_id":"m","emoji":"\ud83d\udc4d"}"#
        ),
    ])
    func `Content passes through byte for byte, with the members its type has`(
        _ action: String, _ members: String, _ content: String
    ) throws {
        let type = content.dropFirst().prefix { $0 != "\"" }
        #expect(
            try body(action, #"{"to":"1",\#(members)}"#)
                == #"{"messaging_product":"whatsapp","to":"1","type":"\#(type)",\#(content)}"#)
    }

    @Test(arguments: [
        (#""reply_to":"w""#, #","context":{"message_id":"w"}"#),
        (#""reply_to":"w","context":{"message_id":"c", "x":1.0}"#, #","context":{"message_id":"c", "x":1.0}"#),
        (#""reply_to":"w","context":null"#, #","context":{"message_id":"w"}"#),
        (#""reply_to":"""#, ""),
        (#""reply_to":null"#, ""),
        (#""reply_to":"","context":{}"#, #","context":{}"#),
    ])
    func `A message quotes by context, else by a reply_to that is not empty`(_ given: String, _ written: String) throws
    {
        #expect(
            try body("sendMessage", #"{"to":"1","text":"t",\#(given)}"#)
                == #"{"messaging_product":"whatsapp","to":"1","type":"text","text":{"body":"t","preview_url":false}"#
                + written + "}")
    }

    @Test func `A reaction quotes nothing`() throws {
        let payload = #"{"to":"1","message_id":"m","emoji":"","reply_to":"w","context":{"message_id":"c"}}"#
        #expect(
            try body("sendReaction", payload)
                == #"{"messaging_product":"whatsapp","to":"1","type":"reaction","#
                + #""reaction":{"message_id":"m","emoji":""}}"#
        )
    }

    @Test func `A recipient may stand in place of to`() throws {
        #expect(
            try body("sendMessage", #"{"to":null,"recipient":"US.1","text":"t"}"#)
                == #"{"messaging_product":"whatsapp","recipient":"US.1","type":"text","#
                + #""text":{"body":"t","preview_url":false}}"#
        )
    }

    @Test func `Null and unknown members are left out`() throws {
        let payload =
            #"{"to":"1","text":"t","preview_url":null,"recipient_type":null,"recipient":null,"ttl":5,"#
            + #""biz_opaque_callback_data":null,"recipient_identity_key_hash":null}"#
        #expect(
            try body("sendMessage", payload)
                == #"{"messaging_product":"whatsapp","to":"1","type":"text","text":{"body":"t","preview_url":false}}"#)
    }

    @Test func `Of a member given twice the last one counts, however its key is written`() throws {
        #expect(
            try body("markRead", #"{"message_id":"a","message\u005fid":"b"}"#)
                == #"{"messaging_product":"whatsapp","status":"read","message_id":"b"}"#)
    }

    @Test func `Typing reads the message and shows the indicator`() throws {
        #expect(
            try body("typing", #"{"message_id":"m"}"#)
                == #"{"messaging_product":"whatsapp","status":"read","message_id":"m","#
                + #""typing_indicator":{"type":"text"}}"#
        )
    }
}
