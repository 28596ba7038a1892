import Crypto
import NIOCore

/// Checks `X-Hub-Signature-256` over a body.
struct BodyChecker: Sendable {
    /// Its key is prepared, which halves the cost of a small body.
    private let keyed: HMAC<SHA256>

    init(secret: String) {
        self.keyed = HMAC<SHA256>(key: SymmetricKey(data: Array(secret.utf8)))
    }

    /// Whether the header's value is `sha256=` and the hex of the body's code.
    func accepts(_ body: ByteBufferView, signature: String) -> Bool {
        var state = self.keyed
        body.withUnsafeBytes { state.update(data: $0) }
        let digits = signature.utf8.dropFirst("sha256=".utf8.count)
        guard signature.utf8.starts(with: "sha256=".utf8), digits.count == 64 else { return false }
        var difference: UInt8 = 0
        var rest = digits[...]
        for byte in state.finalize() {
            difference |= Self.hex[Int(byte >> 4)] ^ (rest.popFirst() ?? 0)
            difference |= Self.hex[Int(byte & 15)] ^ (rest.popFirst() ?? 0)
        }
        return difference == 0
    }

    private static let hex = Array("0123456789abcdef".utf8)
}
