import Crypto

/// The body of a webhook with so many text messages, and what Meta's signature of it says.
struct SampleWebhook {
    static let phoneNumberID = "106540352242922"
    static let secret = "0123456789abcdef"

    let body: [UInt8]
    /// The value of `X-Hub-Signature-256`.
    let signature: String

    init(messages: Int) {
        let elements = (0..<messages).map { index in
            """
            {"from":"447700900123","id":"wamid.HBgMNDQ3NzAwOTAwMTIzFQIAEhgUM0E\(100_000 + index)","timestamp":\
            "1767225607","type":"text","text":{"body":"Is the blue one still in stock?"}}
            """
        }
        self.body = Array(
            """
            {"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[{"value":{\
            "messaging_product":"whatsapp","metadata":{"display_phone_number":"12025550100","phone_number_id":\
            "\(Self.phoneNumberID)"},"contacts":[{"profile":{"name":"Test Person"},"wa_id":"447700900123"}],\
            "messages":[\(elements.joined(separator: ","))]},"field":"messages"}]}]}
            """.utf8)
        let digits = HMAC<SHA256>.authenticationCode(for: self.body, using: SymmetricKey(data: Array(Self.secret.utf8)))
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        self.signature = "sha256=" + digits
    }
}
