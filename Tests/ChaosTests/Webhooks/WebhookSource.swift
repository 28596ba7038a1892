import Crypto
import TestSupport

/// Draws webhooks from a seed: 1–20 messages each, of random text, under ids that no other webhook has.
struct WebhookSource: Sendable {
    /// Accounts of the ingress: name and phone number ID.
    static let accounts: [(name: String, phoneNumberID: String)] = [
        ("my_account", "106540352242922"), ("support", "987654321"),
    ]

    /// What texts are made of: pieces of a JSON string, among them some that a careless writer would alter.
    private static let pieces = [
        "hello ", "Grüße ", "\\u00e9", "é", "\\ud83d\\ude00", "😀", "\\ud83d", "\\\"", "\\\\", "\\/", "/", "\\n", "{",
        "]", "%41", "\\u0000", "日本語", ",", "\u{7F}",
    ]
    private static let blanks = ["", "", "", "", " ", "\n", "\t ", "\r\n"]
    private static let types = ["text", "text", "text", "image", "reaction", "interactive", "location", nil]

    let seed: UInt64

    /// The webhook of that number; the same for the same seed.
    func webhook(_ number: Int) -> PostedWebhook {
        var generator = SeededGenerator(seed: self.seed ^ UInt64(number + 1) &* 0xD1B5_4A32_D192_ED03)
        let account = Self.accounts[Int.random(in: 0..<Self.accounts.count, using: &generator)]
        // Half of them carry one message, as most of Meta's do.
        let count = Bool.random(using: &generator) ? 1 : Int.random(in: 1...20, using: &generator)
        let metadata = #"{"display_phone_number":"15550783881","phone_number_id":"\#(account.phoneNumberID)"}"#
        var body = Array(
            (#"{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":"#
                + #"{"messaging_product":"whatsapp","metadata":\#(metadata),"messages":["#).utf8)
        var messages: [PostedWebhook.Event] = []
        for index in 0..<count {
            let id = "wamid.\(String(self.seed, radix: 16))-\(number)-\(index)"
            let type = Self.types.randomElement(using: &generator) ?? nil
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body += Self.blank(&generator)
            let start = body.count
            body += Self.message(id: id, type: type, &generator)
            let range = start..<body.count
            body += Self.blank(&generator)
            for kind in ["message", "message.\(type ?? "unknown")"] {
                messages.append(
                    PostedWebhook.Event(
                        messageID: "\(account.name):\(kind):\(id)", subject: "whatsapp.\(account.name).in.\(kind)",
                        payload: range))
            }
        }
        body += Array(#"]},"field":"messages"}]}]}"#.utf8)
        let whole = PostedWebhook.Event(
            messageID: "\(account.name):webhook:\(Self.hash(body))", subject: "whatsapp.\(account.name).in.webhook",
            payload: 0..<body.count)
        return PostedWebhook(
            number: number, body: body, events: [whole] + messages, repetition: Self.repetition(&generator))
    }

    /// A tenth are repeated: some at the same moment, some up to 3 s later.
    private static func repetition(_ generator: inout SeededGenerator) -> PostedWebhook.Repetition {
        guard Int.random(in: 0..<10, using: &generator) == 0 else { return .none }
        guard Bool.random(using: &generator) else { return .atOnce }
        return .after(.milliseconds(Int.random(in: 0...3000, using: &generator)))
    }

    private static func message(id: String, type: String?, _ generator: inout SeededGenerator) -> [UInt8] {
        let pieces = Int.random(in: 0...30, using: &generator)
        let text = (0..<pieces).map { _ in Self.pieces.randomElement(using: &generator) ?? "" }.joined()
        var members = [
            #""id":"\#(id)""#, #""from":"4477009\#(Int.random(in: 10_000...99_999, using: &generator))""#,
            #""timestamp":"1749416383""#, #""\#(type ?? "other")":{"body":"\#(text)","size":1.50e2}"#,
        ]
        if let type { members.append(#""type":"\#(type)""#) }
        members.shuffle(using: &generator)
        var bytes = Array("{".utf8)
        for (index, member) in members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += Self.blank(&generator)
            bytes += Array(member.utf8)
        }
        return bytes + Self.blank(&generator) + Array("}".utf8)
    }

    private static func blank(_ generator: inout SeededGenerator) -> [UInt8] {
        Array((self.blanks.randomElement(using: &generator) ?? "").utf8)
    }

    private static func hash(_ body: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(SHA256.hash(data: body).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
