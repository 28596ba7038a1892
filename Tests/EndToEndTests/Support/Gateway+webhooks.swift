import TestSupport

extension Gateway {
    /// Where the ingress listens: `http://127.0.0.1:<port>`.
    var ingressURL: String { "http://127.0.0.1:\(self.settings.port)" }

    /// Posts a webhook, rightly signed.
    @discardableResult
    func post(_ body: [UInt8], within limit: Duration = .seconds(10)) async throws -> HTTPReply {
        try await self.post(
            body, signature: WebhookSignature.headerValue(of: body, secret: self.settings.appSecret), within: limit)
    }

    /// Posts a webhook with this signature, or with none.
    func post(_ body: [UInt8], signature: String?, within limit: Duration = .seconds(10)) async throws -> HTTPReply {
        try await PlainHTTP.call(
            "POST", "\(self.ingressURL)/webhook", headers: self.webhookHeaders(signature: signature), body: body,
            within: limit)
    }

    /// The bytes of a signed webhook, for a connection that stays open.
    func webhookRequest(_ body: [UInt8]) -> [UInt8] {
        PlainHTTP.request(
            "POST", "/webhook",
            headers: self.webhookHeaders(
                signature: WebhookSignature.headerValue(of: body, secret: self.settings.appSecret)),
            body: body)
    }

    private func webhookHeaders(signature: String?) -> [(String, String)] {
        [("Content-Type", "application/json")]
            + (signature.map { [(WebhookSignature.headerName, $0)] } ?? [])
    }
}

/// Bodies that Meta would post.
enum WebhookBody {
    /// A text message for an account, with an id of its own.
    static func text(id: String, to account: GatewayAccount = .myAccount, text: String = "hello") -> [UInt8] {
        let message =
            #"{"from":"447700900123","id":"\#(id)","timestamp":"1749416383","type":"text","text":{"body":"\#(text)"}}"#
        let metadata = #"{"display_phone_number":"15550783881","phone_number_id":"\#(account.phoneNumberID)"}"#
        let value = #"{"messaging_product":"whatsapp","metadata":\#(metadata),"messages":[\#(message)]}"#
        return Array(
            (#"{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":"#
                + #"[{"value":\#(value),"field":"messages"}]}]}"#).utf8)
    }
}
