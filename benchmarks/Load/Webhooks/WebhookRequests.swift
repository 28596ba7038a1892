import Addressing
import TestSupport

/// Whole requests with signed webhooks, made before they are needed: signing takes no time from what is measured.
struct WebhookRequests {
    private let accounts: [Account]
    private let secret: String
    private let messages: Int
    /// Begins every message id, so that two runs have none in common.
    private let run = UInt32.random(in: 0...UInt32.max)

    /// - Parameter messages: how many in each.
    init(of accounts: [Account], secret: String, messages: Int) {
        self.accounts = accounts
        self.secret = secret
        self.messages = messages
    }

    /// How many fit into some 64 MB.
    var batch: Int { max(1, 64_000_000 / (700 + 110 * self.messages)) }

    /// The requests of these numbers; the accounts take turns.
    subscript(numbers: Range<Int>) -> [[UInt8]] {
        numbers.map { number in
            let body = Array(self.body(number).utf8)
            let head =
                "POST /webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "\(WebhookSignature.headerName): \(WebhookSignature.headerValue(of: body, secret: self.secret))\r\n"
                + "Content-Length: \(body.count)\r\n\r\n"
            return Array(head.utf8) + body
        }
    }

    private func body(_ number: Int) -> String {
        let account = self.accounts[number % self.accounts.count]
        let elements = (0..<self.messages).map { index in
            """
            {"from":"447700900123","id":"wamid.LOAD\(self.run).\(number).\(index)","timestamp":"1767225607",\
            "type":"text","text":{"body":"Is the blue one still in stock?"}}
            """
        }
        return """
            {"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[{"value":{\
            "messaging_product":"whatsapp","metadata":{"display_phone_number":"12025550100","phone_number_id":\
            "\(account.phoneNumberID)"},"contacts":[{"profile":{"name":"Test Person"},"wa_id":"447700900123"}],\
            "messages":[\(elements.joined(separator: ","))]},"field":"messages"}]}]}
            """
    }
}
