package import JSONBytes

/// A JSON value to compare by meaning: members in any order, numbers by value, strings by their UTF-8.
package indirect enum JSONTree: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONTree])
    case object([String: JSONTree])

    /// - Throws: `JSONError` when the bytes are no JSON text.
    package init(_ bytes: some Sequence<UInt8>) throws {
        self.init(try JSONDocument(validating: Array(bytes)).root)
    }

    package init(_ value: JSONValue) {
        switch value.kind {
        case .null: self = .null
        case .bool: self = .bool(value.bool ?? false)
        case .number: self = .number(Double(String(decoding: value.bytes, as: UTF8.self)) ?? .nan)
        case .string: self = .string(value.string ?? "")
        case .array: self = .array(value.elements.map { JSONTree($0) })
        case .object:
            let members = value.members.map { ($0.key.string ?? "", JSONTree($0.value)) }
            self = .object(Dictionary(members) { _, last in last })
        }
    }

    /// The member of an object; nil for what is no object.
    package subscript(key: String) -> JSONTree? {
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

    /// The element of an array; nil for what is no array, or too short.
    package subscript(index: Int) -> JSONTree? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var int: Int? {
        guard case .number(let number) = self else { return nil }
        return Int(exactly: number)
    }

    /// A Graph body without what means the same as its absence: `"recipient_type":"individual"`, and
    /// `"preview_url":false` in `text`.
    package var normalised: JSONTree {
        var body = self
        if body["recipient_type"] == .string("individual") { body["recipient_type"] = nil }
        if body["text"]?["preview_url"] == .bool(false) { body["text"]?["preview_url"] = nil }
        return body
    }
}

extension JSONTree: Equatable {
    package static func == (left: JSONTree, right: JSONTree) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        // Swift's own comparison would find a composed and a decomposed é the same.
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}
