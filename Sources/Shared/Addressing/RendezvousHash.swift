import Crypto

/// Rendezvous hashing: everybody who knows the members agrees, without talking, on whose an account is. It is the
/// member's of the highest weight; a member that comes or goes moves no account but its own.
package enum RendezvousHash {
    /// The first 8 bytes, big-endian, of SHA-256(`<name>` 0x00 `<member>`).
    ///
    /// - Parameter member: what the account may fall to: a host's name, or the index of a shard or process in digits.
    package static func weight(of account: AccountName, for member: String) -> UInt64 {
        var hash = SHA256()
        hash.update(data: Array(account.value.utf8))
        hash.update(data: [0 as UInt8])
        hash.update(data: Array(member.utf8))
        return hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
