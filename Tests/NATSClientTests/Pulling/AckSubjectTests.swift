import TestSupport
import Testing

@testable import NATSClient

struct AckSubjectTests {
    @Test(arguments: [
        "$JS.ACK.WHATSAPP_OUT.egress-shop.2.17.23.1769848200500000000.5",
        "$JS.ACK._.ABCDEF.WHATSAPP_OUT.egress-shop.2.17.23.1769848200500000000.5",
        "$JS.ACK.hub.ABCDEF.WHATSAPP_OUT.egress-shop.2.17.23.1769848200500000000.5.ra-ndom",
        "$JS.ACK.hub.ABCDEF.WHATSAPP_OUT.egress-shop.2.17.23.1769848200500000000.5.random.more",
    ])
    func `Both kinds of subject tell of the delivery`(text: String) throws {
        let ack = try #require(AckSubject(text))
        #expect(ack.text == text)
        #expect(ack.stream == "WHATSAPP_OUT")
        #expect(ack.consumer == "egress-shop")
        #expect(ack.deliveries == 2)
        #expect(ack.streamSequence == 17)
        #expect(ack.consumerSequence == 23)
        #expect(ack.storedAt.rfc3339 == "2026-01-31T08:30:00.500000000Z")
        #expect(ack.pending == 5)
    }

    @Test(arguments: [
        "", "$JS.ACK", "$JS.ACK.", "_INBOX.a.b", "$JS.ACK.S.C.1.2.3.4", "$JS.ACK.S.C.1.2.3.4.5.6",
        "$JS.ACK..C.1.2.3.4.5", "$JS.ACK.S.C.1.2.3.4.", "$JS.ACK.S.C.1..3.4.5", "$JS.ACK.S.C.1.x.3.4.5",
        "$JS.ACK.S.C.1.-2.3.4.5", "$JS.ACK.S.C.1.99999999999999999999.3.4.5", "$JS.NAK.S.C.1.2.3.4.5",
        "$JS.ACK.D.H.S.C.1.2.3.4.x", "...........", "$JS.ACK........",
    ])
    func `What is no ack subject is refused`(text: String) {
        #expect(AckSubject(text) == nil)
    }

    @Test func `Numbers beyond an integer are held at its end`() throws {
        let ack = try #require(AckSubject("$JS.ACK.S.C.\(UInt64.max).\(UInt64.max).1.\(UInt64.max).\(UInt64.max)"))
        #expect(ack.deliveries == .max)
        #expect(ack.streamSequence == .max)
        #expect(ack.storedAt == StreamTime(nanoseconds: .max))
        #expect(ack.pending == .max)
    }

    @Test func `Random subjects are read or refused, and nothing else happens`() {
        let seed = Seed.forTest()
        var generator = seed.generator
        let tokens = ["1", "99", "18446744073709551616", "a", "", "é", "*", "0"]
        for _ in 0..<5000 {
            let tail = (0..<Int.random(in: 0..<14, using: &generator)).map { _ in
                tokens.randomElement(using: &generator) ?? ""
            }
            let ack = AckSubject("$JS.ACK." + tail.joined(separator: "."))
            #expect(ack?.stream.isEmpty != true)
            #expect(ack?.consumer.isEmpty != true)
        }
    }
}
