import JSONBytes

/// What tells an element of a webhook from all others: parts of a message id.
struct ElementIdentity {
    private let element: JSONValue
    /// Computed for the first part that cannot be had otherwise.
    private lazy var hash = ContentHash.hex(of: self.element.bytes)

    init(of element: JSONValue) {
        self.element = element
    }

    /// The text of a member, or the element's SHA-256 where that is missing, no string, or not `[!-~]{1,256}`.
    mutating func part(_ key: String) -> String {
        self.part(self.element[key])
    }

    /// The first of several members that is there, under the same rule; nothing where none is there.
    mutating func part(firstOf keys: String...) -> String {
        for key in keys {
            if let member = self.element[key] { return self.part(member) }
        }
        return ""
    }

    private mutating func part(_ member: JSONValue?) -> String {
        guard let text = member?.string, Self.fits(text) else { return self.hash }
        return text
    }

    private static func fits(_ text: String) -> Bool {
        1...256 ~= text.utf8.count && text.utf8.allSatisfy { UInt8(ascii: "!")...UInt8(ascii: "~") ~= $0 }
    }
}
