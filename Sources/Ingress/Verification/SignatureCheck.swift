import Crypto
import Settings

/// The check of `X-Hub-Signature-256` over a webhook's raw bytes.
///
/// The signature is `sha256=` and the hex of HMAC-SHA256(app secret, body). The app secret is used as the text it is,
/// never hex-decoded. While a secret is being rotated several are known, and any of them may have signed.
struct SignatureCheck: Sendable {
    /// What a request's header claims the signature to be.
    enum Claim: Sendable {
        case digest(Digest32)
        /// Signatures are not asked for.
        case notRequired
    }

    /// Keyed HMAC states, one for each secret; copied for each body, which halves the cost of a small one.
    /// `nil`: unsigned webhooks are taken.
    private let keyed: [HMAC<SHA256>]?

    /// - Parameter secrets: the app secrets; with none of them nothing is ever accepted.
    init(secrets: [Secret]) {
        self.keyed = secrets.map { HMAC<SHA256>(key: SymmetricKey(data: Array($0.revealed.utf8))) }
    }

    private init(keyed: [HMAC<SHA256>]?) {
        self.keyed = keyed
    }

    /// Takes every webhook, signed or not: for `INGRESS_ALLOW_UNSIGNED` without a secret.
    static let unsigned = SignatureCheck(keyed: nil)

    /// Reads the header's value; nil when it is missing or malformed and a signature is asked for.
    func claim(in header: String?) -> Claim? {
        guard self.keyed != nil else { return .notRequired }
        guard let header, header.utf8.starts(with: "sha256=".utf8) else { return nil }
        return Digest32(hex: header.utf8.dropFirst("sha256=".utf8.count)).map(Claim.digest)
    }

    /// Whether one of the secrets signed these bytes.
    func accepts(_ body: [UInt8], claiming claim: Claim) -> Bool {
        guard let keyed = self.keyed else { return true }
        guard case .digest(let claimed) = claim else { return false }
        var accepted = false
        for state in keyed {
            var state = state
            state.update(data: body)
            // All secrets are tried: the time taken does not tell which of them matched.
            let actual = state.finalize().withUnsafeBytes { Digest32($0) }
            if let actual, actual.equals(claimed) { accepted = true }
        }
        return accepted
    }
}
