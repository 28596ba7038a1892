import Testing

@testable import Addressing

@Suite struct RendezvousHashTests {
    /// `printf 'my_account\0web1' | sha256sum`, and so on.
    @Test(
        arguments: [
            ("my_account", "web1", 0x2dba_f97b_ba1d_10e6), ("shop", "1", 0xc0b7_a68f_fdeb_a506),
            ("a", "", 0xffe9_aaea_a2a2_d504),
        ] as [(String, String, UInt64)])
    func `A weight is the beginning of a SHA-256 that anybody can compute`(name: String, member: String, weight: UInt64)
        throws
    {
        let account = try #require(AccountName(name))
        #expect(RendezvousHash.weight(of: account, for: member) == weight)
    }

    @Test func `Accounts spread evenly over members, and stay where they are when another member comes`() throws {
        let accounts = try (0..<3000).map { try #require(AccountName("account_\($0)")) }
        func winner(of account: AccountName, among count: Int) -> Int {
            (1...count).max { left, right in
                RendezvousHash.weight(of: account, for: "\(left)") < RendezvousHash.weight(of: account, for: "\(right)")
            } ?? 0
        }
        let before = accounts.map { winner(of: $0, among: 3) }
        let after = accounts.map { winner(of: $0, among: 4) }
        for member in 1...3 { #expect((900...1100).contains(before.count { $0 == member })) }
        for (old, new) in zip(before, after) { #expect(new == old || new == 4) }
    }
}
