import Crypto
import Settings

/// Meta's verification handshake: a GET with `hub.mode`, `hub.verify_token` and `hub.challenge`.
struct VerificationChallenge: Sendable {
    /// The verify token's SHA-256; nil when there is no token.
    ///
    /// Hashes are compared rather than texts, so that the time taken tells neither the token's bytes nor its length.
    private let expected: Digest32?

    /// - Parameter verifyToken: without one, or with an empty one, every verification is refused.
    init(verifyToken: Secret?) {
        guard let verifyToken, !verifyToken.revealed.isEmpty else {
            self.expected = nil
            return
        }
        self.expected = Digest32(SHA256.hash(data: Array(verifyToken.revealed.utf8)))
    }

    /// The challenge to send back, byte for byte; nil when the request does not know the token.
    ///
    /// - Parameter query: what stands after the `?` of the request's target.
    func answer(to query: Substring) -> [UInt8]? {
        let form = FormQuery(query)
        guard let expected = self.expected, let token = form["hub.verify_token"],
            let given = Digest32(SHA256.hash(data: token)), given.equals(expected),
            let mode = form["hub.mode"], mode.elementsEqual("subscribe".utf8)
        else { return nil }
        return form["hub.challenge"]
    }
}
