import JSONBytes

/// A JSON value to compare by meaning: members in any order, numbers by value, strings by their UTF-8.
indirect enum JSONTree: Equatable {
    case object([String: JSONTree])
    case array([JSONTree])
    case string([UInt8])
    case number(Double)
    case bool(Bool)
    case null

    init(_ bytes: some Collection<UInt8>) throws {
        self.init(try JSONDocument(validating: Array(bytes)).root)
    }

    init(_ text: String) throws {
        try self.init(text.utf8)
    }

    init(_ value: JSONValue) {
        switch value.kind {
        case .object:
            let members = value.members.map { ($0.key.string ?? "", JSONTree($0.value)) }
            self = .object(Dictionary(members) { _, last in last })
        case .array: self = .array(value.elements.map { JSONTree($0) })
        case .string: self = .string(Array((value.string ?? "").utf8))
        case .number: self = .number(Double(String(decoding: value.bytes, as: UTF8.self)) ?? .nan)
        case .bool: self = .bool(value.bool ?? false)
        case .null: self = .null
        }
    }

    /// A member of an object.
    subscript(key: String) -> JSONTree? {
        get {
            guard case .object(let members) = self else { return nil }
            return members[key]
        }
        set {
            guard case .object(var members) = self else { return }
            members[key] = newValue
            self = .object(members)
        }
    }

    /// Without what means the same as its absence: `"recipient_type":"individual"`, `"preview_url":false` in `text`.
    var normalised: JSONTree {
        var body = self
        if body["recipient_type"] == .string(Array("individual".utf8)) { body["recipient_type"] = nil }
        if body["text"]?["preview_url"] == .bool(false) { body["text"]?["preview_url"] = nil }
        return body
    }
}
