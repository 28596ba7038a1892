import Crypto

/// Rendezvous hashing: everybody who knows the members agrees, without talking, on whose an account is. It is the
/// member's of the highest weight; a member that comes or goes moves no account but its own.
package enum RendezvousHash {
    /// The first 8 bytes, big-endian, of SHA-256(`<name>` 0x00 `<member>`).
    ///
    /// - Parameter member: what the account may fall to: a host's name, or the index of a shard or process in digits.
    package static func weight(of account: AccountName, for member: String) -> UInt64 {
        let digest = SHA256.hash(data: Array(account.value.utf8) + [0] + Array(member.utf8))
        return digest.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
    }
}
