import JSONBytes

/// The `error` object of a Graph API answer; decisions are made by `code`, since Meta changes the texts.
struct GraphError: Hashable, Sendable {
    /// `code`, also where it came as a string of digits; `nil` where it is no whole number.
    let code: Int?
    /// `error_subcode`, which tells apart some failures of code 100 and 190.
    let subcode: Int?
    let message: String?
    let type: String?
    /// `error_data.details`, or `error_data` itself on those endpoints where it is a string.
    let details: String?
    /// `is_transient`: `true` speaks for another try, `false` proves nothing.
    let isTransient: Bool?

    /// Reads a response body; `nil` where it is no JSON object with an object `error`.
    init?(in body: [UInt8]) {
        guard let error = try? JSONDocument(validating: body).root["error"], error.kind == .object else {
            return nil
        }
        let data = error["error_data"]
        self.code = Self.number(error["code"])
        self.subcode = Self.number(error["error_subcode"])
        self.message = error["message"]?.string
        self.type = error["type"]?.string
        self.details = data?.string ?? data?["details"]?.string
        self.isTransient = error["is_transient"]?.bool
    }

    private static func number(_ value: JSONValue?) -> Int? {
        value?.int ?? value?.string.flatMap { Int($0) }
    }
}
