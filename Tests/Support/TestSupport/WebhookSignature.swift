import Crypto

/// Signs bodies as Meta does.
package enum WebhookSignature {
    /// The name of the header that carries the signature.
    package static let headerName = "X-Hub-Signature-256"

    /// The header's value: `sha256=` and 64 lower-case hex digits of HMAC-SHA256 over the body's bytes.
    package static func headerValue(of body: [UInt8], secret: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Array(secret.utf8)))
        let digits = Array("0123456789abcdef".utf8)
        var value = Array("sha256=".utf8)
        value.reserveCapacity(71)
        for byte in code {
            value.append(digits[Int(byte >> 4)])
            value.append(digits[Int(byte & 15)])
        }
        return String(decoding: value, as: UTF8.self)
    }
}
