import Addressing
import Crypto

/// The SHA-256 of bytes, as message ids spell it.
enum ContentHash {
    /// 64 lower-case hex digits.
    static func hex(of bytes: ArraySlice<UInt8>) -> String {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { HexDigits.text(of: $0) }
    }
}
