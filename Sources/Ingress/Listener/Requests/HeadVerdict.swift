/// What becomes of a webhook once its head is there and before any of its body is.
enum HeadVerdict: Sendable {
    /// Nothing of the body is wanted.
    case refuse(Answer)
    /// - Parameter announced: the body's length; nil when it comes in chunks.
    case readBody(claim: SignatureCheck.Claim, announced: Int?)

    /// A request that can never succeed is told so even when there is no room for it.
    init(
        _ fields: RequestFields, signature: SignatureCheck, maxBodyBytes: Int, isFull: Bool, retryAfterSeconds: Int
    ) {
        guard let claim = signature.claim(in: fields.signature) else {
            self = .refuse(.unauthorized)
            return
        }
        let announced: Int? =
            switch fields.body {
            case .none: 0
            case .sized(let length): length
            case .chunked: nil
            }
        if let announced, announced > maxBodyBytes {
            self = .refuse(.contentTooLarge)
        } else if isFull {
            self = .refuse(.unavailable(retryAfterSeconds: retryAfterSeconds))
        } else {
            self = .readBody(claim: claim, announced: announced)
        }
    }
}
