import JSONBytes

/// What the body of a call to `…/messages` asks for, judged as Graph judges it.
enum MessageCheck {
    case message(SentMessage)
    /// A message is marked as read; with `typing` the typing indicator is shown, too.
    case read(messageID: String, typing: Bool)
    case refused(GraphRefusal)

    private static let types: Set<String> = [
        "text", "image", "video", "audio", "document", "sticker", "location", "contacts", "template", "interactive",
        "reaction",
    ]

    init(body: [UInt8], contentType: String?) {
        do {
            self = try Self.check(body, contentType: contentType)
        } catch {
            self = .refused(error)
        }
    }

    private static func check(_ body: [UInt8], contentType: String?) throws(GraphRefusal) -> MessageCheck {
        guard contentType?.lowercased().hasPrefix("application/json") == true else {
            // Graph then reads the body as a form, in which it finds nothing.
            throw .parameter("The parameter messaging_product is required.", details: "The body is not sent as JSON.")
        }
        guard let root = (try? JSONDocument(validating: body))?.root, root.kind == .object else {
            throw .parameter("The parameter messaging_product is required.", details: "The body is no JSON object.")
        }
        guard let product = self.given(root, "messaging_product") else {
            throw .parameter("The parameter messaging_product is required.")
        }
        guard product.string == "whatsapp" else {
            throw .parameter("Param messaging_product must be one of {WHATSAPP} - got something else.")
        }
        if self.given(root, "status") != nil { return try self.checkRead(root) }
        let recipientType = self.given(root, "recipient_type")?.string ?? "individual"
        guard ["individual", "group"].contains(recipientType) else {
            throw .parameter("Param recipient_type must be one of {INDIVIDUAL, GROUP}.")
        }
        let to = try self.text(root, "to")
        let recipient = try self.text(root, "recipient")
        guard to != nil || recipient != nil else { throw .missing("The parameter to is required.") }
        let type = try self.text(root, "type") ?? "text"
        guard self.types.contains(type) else {
            throw .parameter("Param type must be one of {\(self.types.sorted().joined(separator: ", ").uppercased())}.")
        }
        guard let content = self.given(root, type) else {
            throw .missing("Parameter '\(type)' is mandatory for type '\(type)'")
        }
        try MessageContent.check(content, type: type)
        let data = self.given(root, "biz_opaque_callback_data")
        guard data == nil || data?.string.map({ $0.count <= 512 }) == true else {
            throw .parameter("Param biz_opaque_callback_data must be at most 512 characters long.")
        }
        return .message(
            SentMessage(
                to: to, recipient: recipient, isForGroup: recipientType == "group", type: type,
                text: type == "text" ? content["body"]?.string : nil, callbackData: data?.string))
    }

    private static func checkRead(_ root: JSONValue) throws(GraphRefusal) -> MessageCheck {
        guard root["status"]?.string == "read" else { throw .parameter("Param status must be one of {READ}.") }
        guard let messageID = try self.text(root, "message_id") else {
            throw .parameter("The parameter message_id is required.")
        }
        let typing = self.given(root, "typing_indicator")
        guard typing == nil || typing?["type"]?.string == "text" else {
            throw .parameter("Param typing_indicator['type'] must be one of {TEXT}.")
        }
        return .read(messageID: messageID, typing: typing != nil)
    }

    /// A member that is there and not null.
    private static func given(_ object: JSONValue, _ name: String) -> JSONValue? {
        object[name].flatMap { $0.isNull ? nil : $0 }
    }

    /// A member that is a non-empty string, if it is there.
    private static func text(_ object: JSONValue, _ name: String) throws(GraphRefusal) -> String? {
        guard let value = self.given(object, name) else { return nil }
        guard let text = value.string else { throw .parameter("Param \(name) must be a string.") }
        guard !text.isEmpty else { throw .missing("The parameter \(name) is required.") }
        return text
    }
}

/// A message that was found to be in order.
struct SentMessage: Hashable, Sendable {
    let to: String?
    let recipient: String?
    let isForGroup: Bool
    let type: String
    let text: String?
    let callbackData: String?

    /// The recipient as WhatsApp writes it: the digits of `to`; nil where there is only a business-scoped user ID.
    var whatsAppID: String? {
        guard let to else { return nil }
        return self.isForGroup ? to : String(to.filter { ("0"..."9").contains($0) })
    }
}

extension GraphRefusal: Error {}
