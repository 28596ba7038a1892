import NATSClient
import Testing

@testable import Egress

@Suite struct RequestTermsTests {
    private func terms(_ headers: [(String, String)]) throws(ClientError) -> RequestTerms {
        try RequestTerms(
            NATSMessage(
                subject: "whatsapp.a.out.sendMessage", headers: headers.map { NATSHeader($0.0, $0.1) }, payload: []))
    }

    @Test func `A requester without a word on it waits 4 s`() throws {
        #expect(try self.terms([]) == self.terms([("Wa-Timeout-Ms", "4000")]))
        #expect(try self.terms([]).time == .seconds(4))
    }

    @Test(arguments: [("100", 100), ("60000", 60_000), ("0000250", 250)])
    func `Wa-Timeout-Ms is the requester's time`(_ text: String, _ milliseconds: Int) throws {
        #expect(try self.terms([("Wa-Timeout-Ms", text)]).time == .milliseconds(milliseconds))
    }

    @Test(
        arguments: [
            "", " ", "99", "60001", "-100", "+500", "1e3", "500.0", "0x1F4", "500 ", " 500", "500ms", "٥٠٠", "５００",
            "9223372036854775808", "99999999999999999999999999", "\u{FFFD}", "500\u{1}",
        ])
    func `A Wa-Timeout-Ms that cannot be read is a client error that names it`(_ text: String) {
        let error = #expect(throws: ClientError.self) { try self.terms([("Wa-Timeout-Ms", text)]) }
        #expect(error?.message == "header Wa-Timeout-Ms: expected milliseconds from 100 to 60000")
    }

    @Test(arguments: ["Wa-Timeout-Ms", "Wa-Idempotency-Key"])
    func `A control header that is there twice is a client error that names it`(_ name: String) {
        let error = #expect(throws: ClientError.self) { try self.terms([(name, "500"), ("X", "1"), (name, "500")]) }
        #expect(error?.message == "header \(name): expected one, found 2")
    }

    @Test func `Headers that cannot be read are a client error: a control header may be among them`() {
        let message = NATSMessage(subject: "whatsapp.a.out.sendMessage", hasUnreadableHeaders: true, payload: [])
        let error = #expect(throws: ClientError.self) { try RequestTerms(message) }
        #expect(error?.message.hasPrefix("the headers cannot be read") == true)
    }

    @Test func `An idempotency key has 1 to 256 bytes`() throws {
        for key in ["k", String(repeating: "é", count: 128)] {
            #expect(try self.terms([("Wa-Idempotency-Key", key)]).idempotencyKey == key)
        }
        for key in ["", String(repeating: "é", count: 128) + "k"] {
            let error = #expect(throws: ClientError.self) { try self.terms([("Wa-Idempotency-Key", key)]) }
            #expect(error?.message == "header Wa-Idempotency-Key: expected 1 to 256 bytes")
        }
    }
}
