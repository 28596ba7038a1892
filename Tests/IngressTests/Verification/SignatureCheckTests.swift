import Settings
import TestSupport
import Testing

@testable import Ingress

@Suite struct SignatureCheckTests {
    private let body = Array("{\"object\":\"whatsapp_business_account\"}".utf8)
    private let check = SignatureCheck(secrets: [Secret(ListenerBench.secret)])

    private func accepts(_ check: SignatureCheck, _ body: [UInt8], _ header: String?) -> Bool {
        guard let claim = check.claim(in: header) else { return false }
        return check.accepts(body, claiming: claim)
    }

    @Test func `Every inbound fixture is accepted with the manifest's signature and with no other's`() throws {
        let fixtures = try InboundFixture.all()
        var previous = fixtures.last
        for fixture in fixtures {
            #expect(self.accepts(self.check, fixture.body, fixture.signature), "\(fixture.name)")
            if let previous, previous.body != fixture.body {
                #expect(!self.accepts(self.check, fixture.body, previous.signature), "\(fixture.name)")
            }
            previous = fixture
        }
    }

    @Test func `Hex digits are read in either case`() {
        let digits = ListenerBench.signature(of: self.body).dropFirst("sha256=".count)
        #expect(self.accepts(self.check, self.body, "sha256=" + digits.uppercased()))
    }

    @Test(arguments: [
        "", "sha256=", "sha256", "SHA256=", "sha1=", " sha256=", "sha256= ", "sha256=\u{ff10}",
    ]) func `A claim with a wrong beginning is none`(prefix: String) {
        let digits = ListenerBench.signature(of: self.body).dropFirst("sha256=".count)
        let header = prefix == "sha256=" ? prefix : prefix + digits
        #expect(self.check.claim(in: header) == nil)
    }

    @Test func `A claim must be 64 hex digits`() {
        let right = ListenerBench.signature(of: self.body)
        #expect(self.check.claim(in: right) != nil)
        for wrong in [right + "0", right + "00", String(right.dropLast()), String(right.dropLast()) + "g", right + " "]
        {
            #expect(self.check.claim(in: wrong) == nil, "\(wrong)")
        }
        #expect(self.check.claim(in: nil) == nil)
    }

    @Test func `Each byte of the signature counts`() {
        let right = Array(ListenerBench.signature(of: self.body))
        for position in "sha256=".count..<right.count {
            var wrong = right
            wrong[position] = right[position] == "0" ? "1" : "0"
            #expect(!self.accepts(self.check, self.body, String(wrong)), "digit \(position)")
        }
    }

    @Test func `While a secret is rotated either one is right`() {
        let rotating = SignatureCheck(secrets: [Secret("new"), Secret("old")])
        for secret in ["new", "old"] {
            #expect(self.accepts(rotating, self.body, ListenerBench.signature(of: self.body, secret: secret)))
        }
        #expect(!self.accepts(rotating, self.body, ListenerBench.signature(of: self.body, secret: "older")))
    }

    @Test func `Without any secret nothing is accepted, unless unsigned webhooks are allowed`() {
        let none = SignatureCheck(secrets: [])
        #expect(!self.accepts(none, self.body, ListenerBench.signature(of: self.body, secret: "")))
        #expect(self.accepts(.unsigned, self.body, nil))
        #expect(self.accepts(.unsigned, self.body, "sha256=00"))
    }

    @Test func `A check prints no secret`() {
        var text = ""
        dump(self.check, to: &text)
        #expect(!text.contains(ListenerBench.secret))
    }
}
