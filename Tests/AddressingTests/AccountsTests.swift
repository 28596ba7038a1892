import Settings
import Testing

@testable import Addressing

@Suite struct AccountsTests {
    private static func read(
        _ variables: [String: String], tokens: TokenPolicy = .required
    ) -> (accounts: [String], problems: [String]) {
        var reader = SettingsReader(SettingsSource(variables: variables))
        let accounts = Accounts.read(from: &reader, tokens: tokens)
        _ = Accounts.readRates(from: &reader, of: accounts)
        let shown = accounts.map { "\($0.name) \($0.phoneNumberID) \($0.accessToken?.revealed ?? "-")" }
        return (shown, reader.lines)
    }

    @Test func `An account has its token in its variable or apart`() {
        let (accounts, problems) = Self.read([
            "WA_SHOP": "123:EAAG:with:colons", "WA_my_Desk": "456", "TOKEN_MY_DESK": "EAAH", "WA_a-b": "789:t",
            "WAX": "1",
        ])
        #expect(problems.isEmpty)
        #expect(accounts == ["a-b 789 t", "my_desk 456 EAAH", "shop 123 EAAG:with:colons"])
    }

    @Test func `A process that keeps no tokens needs none`() {
        let (accounts, problems) = Self.read(
            ["WA_A": "1:a", "WA_B": "2", "TOKEN_B": "b", "WA_C": "3"], tokens: .ignored)
        #expect(problems.isEmpty)
        #expect(accounts == ["a 1 -", "b 2 -", "c 3 -"])
    }

    @Test func `An account without a token is a problem where it needs one`() {
        let variables = ["WA_A": "1", "WA_Two": "2", "TOKEN_A": ""]
        let missing = { (name: String) in "TOKEN_\(name): expected an access token, since WA_\(name) holds none" }
        #expect(Self.read(variables).problems == [missing("A"), missing("Two")])
        #expect(Self.read(variables, tokens: .requiredOf(["two"])).problems == [missing("Two")])
    }

    @Test(arguments: [
        "", ":", "abc", "abc:s3cret", "123:", ":s3cret", " 123", "123 :s3cret", "12a", "+1", "1.0:s3cret",
    ])
    func `A malformed account is a problem that does not quote it`(value: String) {
        #expect(
            Self.read(["WA_Shop": value, "TOKEN_SHOP": "t"], tokens: .required).problems == [
                "WA_Shop: expected <phone number ID>:<access token>, or <phone number ID> with the token in TOKEN_Shop"
            ])
    }

    @Test(arguments: ["s3cret x", "s3cret\n", "s3crét", " s3cret"])
    func `A token that cannot stand in a header is a problem that does not quote it`(token: String) {
        let message = "expected an access token, in printable ASCII without blanks"
        #expect(Self.read(["WA_A": "1:\(token)"]).problems == ["WA_A: \(message)"])
        #expect(Self.read(["WA_A": "1", "TOKEN_A": token], tokens: .ignored).problems == ["TOKEN_A: \(message)"])
    }

    @Test(arguments: ["WA_", "WA_EVENT", "WA_per_second", "WA_A.B", "WA_É", "WA_\(String(repeating: "A", count: 65))"])
    func `A name that no account can have is a problem`(variable: String) {
        let problems = Self.read(["WA_OK": "1:t", variable: "2:s3cret"]).problems
        #expect(problems.count == 1)
        #expect(problems.first?.contains(": expected an account name behind WA_: 1 to 64 letters, digits") == true)
        #expect(problems.first?.contains("s3cret") == false)
    }

    @Test func `Two variables that give one name are a problem`() {
        let problems = Self.read([
            "WA_FOO": "1", "WA_Foo": "2", "TOKEN_FOO": "a", "TOKEN_foo": "b", "EGRESS_RATE_FOO": "1",
            "EGRESS_RATE_foo": "2",
        ]).problems
        #expect(
            problems == [
                "WA_Foo: gives the account name foo, as WA_FOO does",
                "TOKEN_foo: gives the account name foo, as TOKEN_FOO does",
                "EGRESS_RATE_foo: gives the account name foo, as EGRESS_RATE_FOO does",
            ])
    }

    @Test func `Two accounts with one phone number ID are a problem`() {
        #expect(
            Self.read(["WA_A": "1:a", "WA_B": "1:b", "WA_C": "1"]).problems == [
                "WA_B: has the phone number ID 1, as WA_A has", "WA_C: has the phone number ID 1, as WA_A has",
                "TOKEN_C: expected an access token, since WA_C holds none",
            ])
    }

    @Test func `A token given twice is a problem`() {
        #expect(
            Self.read(["WA_A": "1:a", "TOKEN_A": "b"], tokens: .ignored).problems == [
                "TOKEN_A: expected none, since WA_A holds an access token already"
            ])
    }

    @Test func `A token or a rate of an account that is not there is a problem`() {
        let problems = Self.read(["WA_A": "1:a", "TOKEN_B": "b", "EGRESS_RATE_C": "1", "EGRESS_RATE_PER_SECOND": "5"])
            .problems
        #expect(
            problems == [
                "TOKEN_B: expected WA_B, the account that it belongs to",
                "EGRESS_RATE_C: expected WA_C, the account that it belongs to",
            ])
    }

    @Test func `No account at all is a problem`() {
        #expect(
            Self.read([:], tokens: .ignored).problems == [
                "WA_<NAME>: expected at least one account, such as WA_SHOP with <phone number ID>:<access token>, "
                    + "or <phone number ID> with the token in TOKEN_SHOP"
            ])
    }

    @Test func `An account has its own rate or that of all`() throws {
        var reader = SettingsReader(
            SettingsSource(variables: [
                "WA_A": "1:a", "WA_B": "2:b", "EGRESS_RATE_B": "7", "EGRESS_RATE_PER_SECOND": "9",
            ]))
        let accounts = Accounts.read(from: &reader, tokens: .required)
        let rates = Accounts.readRates(from: &reader, of: accounts)
        try reader.finish()
        #expect(rates == [try #require(AccountName("a")): 9, try #require(AccountName("b")): 7])
        #expect(
            Self.read(["WA_A": "1:a", "EGRESS_RATE_A": "fast"]).problems == [
                "EGRESS_RATE_A: expected a whole number from 1 to 1000000, found \"fast\""
            ])
    }

    @Test func `An account shows no token`() throws {
        let account = Account(
            name: try #require(AccountName("a")), phoneNumberID: try #require(PhoneNumberID("1")),
            accessToken: Secret("s3cret"))
        #expect(!"\(account)".contains("s3cret") && !String(reflecting: account).contains("s3cret"))
    }
}

extension SettingsReader {
    /// What `finish` throws, a line for each problem.
    fileprivate var lines: [String] {
        do throws(SettingsError) {
            try self.finish()
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }
}
