import Crypto

/// The SHA-256 of bytes, as message ids spell it.
enum ContentHash {
    /// 64 lower-case hex digits.
    static func hex(of bytes: ArraySlice<UInt8>) -> String {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        let digits = "0123456789abcdef".utf8CString
        return String(unsafeUninitializedCapacity: 2 * SHA256.byteCount) { text in
            var count = 0
            for byte in hash.finalize() {
                text[count] = UInt8(bitPattern: digits[Int(byte >> 4)])
                text[count + 1] = UInt8(bitPattern: digits[Int(byte & 15)])
                count += 2
            }
            return count
        }
    }
}
