import NATSClient
import Testing

@testable import Egress

@Suite struct JobTermsTests {
    private func terms(_ headers: [(String, String)]) throws(ClientError) -> JobTerms {
        try JobTerms(
            NATSMessage(
                subject: "whatsapp.a.queue.sendMessage", headers: headers.map { NATSHeader($0.0, $0.1) }, payload: []))
    }

    @Test func `A job without a word on it never expires, and is dead where it is in doubt`() throws {
        #expect(try self.terms([]).expires == nil)
        #expect(try self.terms([]).onDoubt == .dead)
    }

    @Test(
        arguments: [
            ("1700000000", 1_700_000_000), ("0", 0), ("2023-11-14T22:13:20Z", 1_700_000_000),
            ("2023-11-14T23:13:20+01:00", 1_700_000_000),
        ])
    func `Wa-Expires is RFC 3339 with a zone, or Unix seconds`(_ text: String, _ seconds: Int) throws {
        #expect(try self.terms([("Wa-Expires", text)]).expires == StreamTime(seconds: seconds))
    }

    @Test func `A Wa-Expires beyond all clocks is never over`() throws {
        let expires = try #require(try self.terms([("Wa-Expires", "9223372036854775807")]).expires)
        #expect(expires > StreamTime(seconds: 9_000_000_000))
    }

    @Test(
        arguments: [
            "", " ", "soon", "-1", "1700000000.5", "2023-11-14T22:13:20", "2023-11-14", "2023-02-30T00:00:00Z", "+5",
            "9223372036854775808",
        ])
    func `A Wa-Expires that cannot be read is a client error that names it`(_ text: String) {
        let error = #expect(throws: ClientError.self) { try self.terms([("Wa-Expires", text)]) }
        #expect(error?.message == "header Wa-Expires: expected RFC 3339 with a zone, or Unix seconds")
    }

    @Test func `Wa-On-Doubt is dead or retry`() throws {
        #expect(try self.terms([("Wa-On-Doubt", "retry")]).onDoubt == .retry)
        #expect(try self.terms([("Wa-On-Doubt", "dead")]).onDoubt == .dead)
    }

    @Test(arguments: ["", "Retry", "drop", "retry "])
    func `Any other Wa-On-Doubt is a client error that names it`(_ text: String) {
        let error = #expect(throws: ClientError.self) { try self.terms([("Wa-On-Doubt", text)]) }
        #expect(error?.message == "header Wa-On-Doubt: expected dead or retry")
    }

    @Test(arguments: ["Wa-Expires", "Wa-On-Doubt"])
    func `A control header that is there twice is a client error that names it`(_ name: String) {
        let error = #expect(throws: ClientError.self) { try self.terms([(name, "retry"), (name, "retry")]) }
        #expect(error?.message == "header \(name): expected one, found 2")
    }
}
