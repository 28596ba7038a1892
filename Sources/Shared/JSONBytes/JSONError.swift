/// Bytes that are no JSON text this house accepts.
package struct JSONError: Error, Hashable, Sendable {
    /// What is wrong with the bytes.
    package enum Code: Hashable, Sendable {
        /// A byte that RFC 8259 does not allow where it stands, or an end that comes too early.
        case malformed
        /// A string holds bytes that are no UTF-8.
        case invalidUTF8
        /// More than `JSONDocument.maximumDepth` arrays and objects are open at once.
        case tooDeep
    }

    package let code: Code
    /// Where in the text, in bytes from its start; the text's length when it ends too early.
    package let offset: Int

    package init(code: Code, offset: Int) {
        self.code = code
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    package var description: String {
        switch self.code {
        case .malformed: "malformed JSON at byte \(self.offset)"
        case .invalidUTF8: "invalid UTF-8 at byte \(self.offset)"
        case .tooDeep: "JSON nested over \(JSONDocument.maximumDepth) levels at byte \(self.offset)"
        }
    }
}
