import JSONBytes

/// Judges the member of a message that its type names.
enum MessageContent {
    /// - Throws: what Graph says to a content that it cannot send.
    static func check(_ content: JSONValue, type: String) throws(GraphRefusal) {
        guard content.kind == (type == "contacts" ? .array : .object) else {
            throw .parameter("Param \(type) must be a JSON \(type == "contacts" ? "array" : "object").")
        }
        switch type {
        case "text":
            let body = try self.text(content, "body", of: type)
            guard body.unicodeScalars.count <= 4_096 else {
                throw .parameter("Param text['body'] must be at most 4096 characters long.")
            }
        case "image", "video", "audio", "document", "sticker":
            guard content["id"] != nil || content["link"] != nil else {
                throw .missing("Parameter 'id' or 'link' is mandatory for type '\(type)'")
            }
            for name in ["id", "link", "caption", "filename"] where content[name] != nil {
                guard content[name]?.string != nil else {
                    throw .parameter("Param \(type)['\(name)'] must be a string.")
                }
            }
        case "location":
            for name in ["latitude", "longitude"] {
                guard let value = content[name] else {
                    throw .missing("Parameter 'location['\(name)']' is mandatory for type 'location'")
                }
                guard value.kind == .number || value.string.flatMap(Double.init) != nil else {
                    throw .invalid("Param location['\(name)'] must be a number.")
                }
            }
        case "contacts":
            guard content.elements.contains(where: { _ in true }) else {
                throw .missing("Parameter 'contacts' is empty")
            }
            for card in content.elements where card["name"]?.kind != .object {
                throw .missing("Parameter 'name' is mandatory for each of 'contacts'")
            }
        case "template":
            _ = try self.text(content, "name", of: type)
            guard let language = content["language"] else { throw .missing("Parameter 'language' is mandatory") }
            _ = try self.text(language, "code", of: "language")
        case "interactive":
            _ = try self.text(content, "type", of: type)
            guard content["action"]?.kind == .object else {
                throw .missing("Parameter 'action' is mandatory for type 'interactive'")
            }
        case "reaction":
            _ = try self.text(content, "message_id", of: type)
            guard content["emoji"]?.string != nil else {
                throw .missing("Parameter 'reaction['emoji']' is mandatory for type 'reaction'")
            }
        default: break
        }
    }

    private static func text(_ object: JSONValue, _ name: String, of type: String) throws(GraphRefusal) -> String {
        guard let value = object[name], !value.isNull else {
            throw .missing("Parameter '\(type)['\(name)']' is mandatory for type '\(type)'")
        }
        guard let text = value.string else { throw .parameter("Param \(type)['\(name)'] must be a string.") }
        guard !text.isEmpty else { throw .missing("Parameter '\(type)['\(name)']' must not be empty") }
        return text
    }
}
