/// What webhooks are judged by and who takes them: all that a reload can change, replaced whole and never changed.
///
/// A request keeps the rules that it began with.
final class WebhookRules: Sendable {
    let signature: SignatureCheck
    let challenge: VerificationChallenge
    /// Larger bodies get 413.
    let maxBodyBytes: Int
    /// Webhooks at the receiver at once; more get 503.
    let maxInFlight: Int
    let receiver: any WebhookReceiver

    init(
        signature: SignatureCheck, challenge: VerificationChallenge, receiver: any WebhookReceiver,
        maxBodyBytes: Int = 4_194_304, maxInFlight: Int = 1024
    ) {
        self.signature = signature
        self.challenge = challenge
        self.receiver = receiver
        self.maxBodyBytes = maxBodyBytes
        self.maxInFlight = maxInFlight
    }
}
