/// Meta's identifier of a business phone number: 1 to 32 ASCII digits, kept as text.
package struct PhoneNumberID: Hashable, Sendable {
    package let value: String

    /// Fails for anything that is not 1 to 32 ASCII digits.
    package init?(_ value: String) {
        let bytes = value.utf8
        guard (1...32).contains(bytes.count) else { return nil }
        guard bytes.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        self.value = value
    }
}

extension PhoneNumberID: CustomStringConvertible {
    package var description: String { self.value }
}
