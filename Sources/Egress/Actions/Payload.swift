import JSONBytes

/// The JSON object of a request, whose members are read and checked one at a time.
struct Payload {
    private let object: JSONValue

    /// - Throws: a client error where the bytes are no JSON object in UTF-8.
    init(_ bytes: [UInt8]) throws(ClientError) {
        guard !bytes.isEmpty else { throw ClientError("the payload is empty: expected a JSON object") }
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument(validating: bytes).root
        } catch {
            throw ClientError("the payload is not JSON (\(error)): expected a JSON object in UTF-8")
        }
        guard root.kind == .object else {
            throw ClientError("the payload is \(root.kind.noun): expected a JSON object")
        }
        self.object = root
    }

    /// A member as it is given, unchecked; `nil` where it is missing or `null`.
    subscript(name: String) -> JSONValue? {
        guard let value = self.object[name], !value.isNull else { return nil }
        return value
    }

    /// A member that must be given and have the shape.
    func required(_ name: String, _ shape: Shape) throws(ClientError) -> JSONValue {
        guard let value = self[name] else { throw ClientError("\(name) is missing: expected \(shape.rawValue)") }
        return try Self.check(value, name, shape)
    }

    /// A member that must have the shape where it is given.
    func optional(_ name: String, _ shape: Shape) throws(ClientError) -> JSONValue? {
        guard let value = self[name] else { return nil }
        return try Self.check(value, name, shape)
    }

    private static func check(_ value: JSONValue, _ name: String, _ shape: Shape) throws(ClientError) -> JSONValue {
        if shape.admits(value) { return value }
        throw ClientError("\(name) is \(value.isEmpty ? "empty" : value.kind.noun): expected \(shape.rawValue)")
    }

    /// What a member may be; its raw value is how an error message names it.
    enum Shape: String {
        case string = "a string"
        case filledString = "a non-empty string"
        case number = "a number"
        case boolean = "true or false"
        case object = "an object"
        case filledArray = "a non-empty array"

        fileprivate func admits(_ value: JSONValue) -> Bool {
            switch self {
            case .string: value.kind == .string
            case .filledString: value.kind == .string && !value.isEmpty
            case .number: value.kind == .number
            case .boolean: value.kind == .bool
            case .object: value.kind == .object
            case .filledArray: value.kind == .array && !value.isEmpty
            }
        }
    }
}

extension JSONValue {
    /// Whether this is `""`, or an array without elements.
    fileprivate var isEmpty: Bool {
        switch self.kind {
        // Two quotation marks: the empty string has no other spelling.
        case .string: self.bytes.count == 2
        case .array: self.elements.first { _ in true } == nil
        case .object, .number, .bool, .null: false
        }
    }
}

extension JSONValue.Kind {
    /// The kind as an error message names it, with its article.
    var noun: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .bool: "a boolean"
        case .null: "null"
        }
    }
}
