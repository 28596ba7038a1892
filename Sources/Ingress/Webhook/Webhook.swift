import Addressing
import JSONBytes

/// The body of one webhook, checked: what Meta posts, taken apart into events.
struct Webhook: Sendable {
    private let document: JSONDocument
    private let entries: JSONValue
    private let object: JSONValue?

    /// - Throws: ``WebhookError`` with the code `malformed` for bytes that are no JSON object with an `entry` array.
    init(body: [UInt8]) throws(WebhookError) {
        do throws(JSONError) {
            self.document = try JSONDocument(validating: body)
        } catch {
            throw WebhookError(code: .malformed, message: error.description)
        }
        guard let entries = self.document.root["entry"], entries.kind == .array else {
            throw WebhookError(code: .malformed, message: "no object with an entry array")
        }
        self.entries = entries
        self.object = self.document.root["object"]
    }

    /// What the webhook leads to, in the order in which it stands in the body.
    ///
    /// - Parameters:
    ///   - directory: the accounts that are known.
    ///   - maxPayload: the server's limit of one message's headers and payload, in bytes.
    /// - Throws: ``WebhookError`` with the code `tooLarge` or `tooManyEvents`.
    func events(for directory: AccountDirectory, maxPayload: Int) throws(WebhookError) -> WebhookEvents {
        guard let object = self.object, object.isString("whatsapp_business_account") else {
            return WebhookEvents(foreignObject: self.object?.headerValue ?? "none")
        }
        var reading = WebhookReading(
            body: self.document.bytes, object: object, directory: directory, maxPayload: maxPayload)
        for entry in self.entries.elements where entry.kind == .object {
            try reading.read(entry)
        }
        return try reading.finish()
    }
}
