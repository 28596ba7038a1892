import JSONBytes

/// What tells an element of a webhook from all others: parts of a message id.
struct ElementIdentity {
    private let element: JSONValue
    /// Computed for the first part that cannot be had otherwise.
    private lazy var hash = ContentHash.hex(of: self.element.bytes)

    init(of element: JSONValue) {
        self.element = element
    }

    /// The text of one of the element's members, or the element's SHA-256 where that is missing, no string, or not
    /// `[!-~]{1,256}`.
    mutating func part(_ member: JSONValue?) -> String {
        guard let text = member?.string, Self.fits(text) else { return self.hash }
        return text
    }

    private static func fits(_ text: String) -> Bool {
        1...256 ~= text.utf8.count && text.utf8.allSatisfy { UInt8(ascii: "!")...UInt8(ascii: "~") ~= $0 }
    }
}
