import JSONBytes

/// The `query` object of a `raw` call as `name=value` pairs, in the order in which their names first stand there.
struct QueryParameters {
    /// Percent-encoded; of a name that stands there twice, the last value.
    let pairs: [String]

    /// - Throws: a client error where a value is neither string nor number nor boolean nor `null`.
    init(_ query: JSONValue) throws(ClientError) {
        var names: [String] = []
        // Encoded names are ASCII: as keys they are equal only when their bytes are.
        var values: [String: String?] = [:]
        for (key, value) in query.members {
            let name = Self.encode(key.string ?? "")
            if values.updateValue(try Self.text(value), forKey: name) == nil { names.append(name) }
        }
        self.pairs = names.compactMap { name in (values[name] ?? nil).map { "\(name)=\(Self.encode($0))" } }
    }

    /// A value as the query has it; `nil` for `null`, which is as good as absent.
    private static func text(_ value: JSONValue) throws(ClientError) -> String? {
        switch value.kind {
        case .string: return value.string
        case .number, .bool: return String(decoding: value.bytes, as: UTF8.self)
        case .null: return nil
        case .object, .array:
            throw ClientError("query has \(value.kind.noun) as a value: expected strings, numbers, true or false")
        }
    }

    private static func encode(_ text: String) -> String {
        PercentEncoding.encode(text.utf8, leaving: PercentEncoding.unreserved)
    }
}
