import Settings
import Testing

@testable import Ingress

@Suite struct VerificationChallengeTests {
    private func answer(_ query: Substring, token: String? = "let me in+") -> String? {
        let challenge = VerificationChallenge(verifyToken: token.map { Secret($0) })
        return challenge.answer(to: query).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        arguments: [
            ("hub.mode=subscribe&hub.verify_token=let+me%20in%2b&hub.challenge=42", "42"),
            ("hub.challenge=42&hub.verify_token=let+me+in%2B&hub.mode=subscribe&more=1", "42"),
            ("%68ub.mode=subscribe&hub.verify_token=let+me+in%2B&hub.challenge=%3Cb%3E", "<b>"),
            ("hub.mode=subscribe&hub.verify_token=let+me+in%2B&hub.challenge=", ""),
        ] as [(Substring, String)]) func `Who knows the token gets the challenge back`(
            query: Substring, challenge: String
        )
    {
        #expect(self.answer(query) == challenge)
    }

    @Test(
        arguments: [
            "", "&&&", "=", "hub.mode=subscribe&hub.challenge=42",
            "hub.mode=subscribe&hub.verify_token=let+me+in&hub.challenge=42",
            "hub.mode=subscribe&hub.verify_token=LET+ME+IN%2B&hub.challenge=42",
            "hub.mode=subscribe&hub.verify_token=&hub.challenge=42",
            "hub.mode=unsubscribe&hub.verify_token=let+me+in%2B&hub.challenge=42",
            "hub.verify_token=let+me+in%2B&hub.challenge=42",
            "hub.mode=subscribe&hub.verify_token=let+me+in%2B",
        ] as [Substring]) func `Anyone else gets none`(query: Substring)
    {
        #expect(self.answer(query) == nil)
    }

    @Test(arguments: [nil, ""] as [String?]) func `Without a token nobody is right`(token: String?) {
        #expect(self.answer("hub.mode=subscribe&hub.verify_token=&hub.challenge=42", token: token) == nil)
        #expect(self.answer("hub.mode=subscribe&hub.challenge=42", token: token) == nil)
    }
}

@Suite struct FormQueryTests {
    @Test(
        arguments: [
            ("a=1&b=2", "b", "2"), ("a=1=2", "a", "1=2"), ("a", "a", ""), ("a=1&a=2", "a", "1"),
            ("+a+=%20", " a ", " "),
            ("a=%", "a", "%"), ("a=%4", "a", "%4"), ("a=%zz%41", "a", "%zzA"), ("a=%+1", "a", "% 1"),
            ("%26=%3d", "&", "="),
        ] as [(Substring, String, String)]) func `Names and values are decoded`(
            query: Substring, name: String, value: String
        )
    {
        #expect(FormQuery(query)[name].map { String(decoding: $0, as: UTF8.self) } == value)
    }

    @Test func `Values are bytes, whatever they spell`() {
        #expect(FormQuery("a=%ff%00%C0")["a"] == [0xff, 0, 0xc0])
        #expect(FormQuery("a=1")["b"] == nil)
    }
}
