/// A JSON text checked whole; it hands out slices of its own bytes.
package struct JSONDocument: Sendable {
    /// How many arrays and objects may be open at once.
    package static let maximumDepth = 128

    package let bytes: [UInt8]
    private let rootRange: Range<Int>

    /// Checks a text against RFC 8259: strict UTF-8, one value with white space around it, no byte order mark.
    ///
    /// A surrogate may be alone where it is written as an escape (`"\ud83d"`), since Meta sends such texts.
    /// Takes time linear in the length and allocates nothing, whatever the bytes are.
    ///
    /// - Throws: ``JSONError`` with the place of the first byte that is refused.
    package init(validating bytes: [UInt8]) throws(JSONError) {
        let outcome = bytes.withUnsafeBufferPointer { text -> Result<Range<Int>, JSONError> in
            var validator = JSONValidator(text)
            do throws(JSONError) {
                return .success(try validator.document())
            } catch {
                return .failure(error)
            }
        }
        self.rootRange = try outcome.get()
        self.bytes = bytes
    }

    /// The text's one value.
    package var root: JSONValue {
        JSONValue(document: self.bytes, range: self.rootRange)
    }
}
