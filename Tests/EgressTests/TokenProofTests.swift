import Addressing
import Settings
import TestSupport
import Testing

@testable import Egress

@Suite struct TokenProofTests {
    private static func account(_ name: String, phoneNumberID: String) throws -> ServedAccount {
        ServedAccount(
            name: try #require(AccountName(name)), phoneNumberID: try #require(PhoneNumberID(phoneNumberID)),
            accessToken: Secret("token-of-\(name)"), ratePerSecond: 80)
    }

    private static func refusals(_ outcome: GraphOutcome) async throws -> [TokenProof.Refusal] {
        let proof = TokenProof(accounts: [try self.account("shop", phoneNumberID: "1")])
        return await proof.refusals(over: ScriptedTransport { _ in outcome })
    }

    @Test(arguments: [
        GraphOutcome.refused(190, status: 401), .refused(0), .refused(102),
        .answered(GraphAnswer(status: 401, body: [])),
    ])
    func `What would pause the account is a refusal that names account and remedy`(outcome: GraphOutcome) async throws {
        let refusals = try await Self.refusals(outcome)
        #expect(refusals.map(\.account.value) == ["shop"])
        let message = try #require(refusals.first?.message)
        #expect(message.contains("account shop") && message.contains("TOKEN_SHOP") && message.contains("WA_SHOP"))
    }

    @Test(arguments: [
        GraphOutcome.answered(GraphAnswer(status: 200, body: Array(#"{"id":"1"}"#.utf8))),
        .answered(GraphAnswer(status: 500, body: [])), .answered(GraphAnswer(status: 429, body: [])),
        .refused(130429), .refused(100), .refused(10, status: 403), .refused(131031), .lost(reason: "cut"),
        .notWritten(reason: "refused"),
    ])
    func `Whatever else comes of it proves nothing wrong`(outcome: GraphOutcome) async throws {
        #expect(try await Self.refusals(outcome).isEmpty)
    }

    @Test func `All accounts are asked at once, each with its own token, and the refused ones are told by name`()
        async throws
    {
        let transport = ScriptedTransport()
        let accounts = try [("b", "2"), ("a", "1"), ("c", "3")].map { name, id in
            try Self.account(name, phoneNumberID: id)
        }
        async let refusals = TokenProof(accounts: accounts).refusals(over: transport)
        var calls: [ScriptedTransport.Call] = []
        for _ in accounts { calls.append(try await transport.next()) }
        let asked = Dictionary(uniqueKeysWithValues: calls.map { ($0.call.path, $0.token.revealed) })
        #expect(
            asked == ["1?fields=id": "token-of-a", "2?fields=id": "token-of-b", "3?fields=id": "token-of-c"])
        #expect(calls.allSatisfy { $0.call.method == .get && $0.call.body == nil })
        for call in calls { call.answer(call.call.path.hasPrefix("3") ? .accepted : .refused(190, status: 401)) }
        #expect(await refusals.map(\.account.value) == ["a", "b"])
    }

    @Test func `Graph's words are told without the token they quote`() async throws {
        let refusals = try await Self.refusals(.refused(190, status: 401, message: "bad token-of-shop"))
        let message = try #require(refusals.first?.failure.message)
        #expect(message.contains("bad") && !message.contains("token-of-shop"))
    }
}
