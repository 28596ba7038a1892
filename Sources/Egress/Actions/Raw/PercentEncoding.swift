import Addressing

/// RFC 3986's escaping of bytes in a URL.
enum PercentEncoding {
    /// What needs no escape anywhere.
    static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    /// What may stand in a path with its query, `%` of escapes already there included.
    static let path = unreserved.union("!$&'()*+,;=:@/?%".utf8)

    static func encode(_ bytes: some Sequence<UInt8>, leaving plain: Set<UInt8>) -> String {
        var encoded: [UInt8] = []
        for byte in bytes {
            if plain.contains(byte) {
                encoded.append(byte)
            } else {
                PercentEscapes.append(byte, to: &encoded)
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
