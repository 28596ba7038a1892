/// The query of a URL, read as a form: `name=value` pairs joined by `&`, `%XX` and `+` decoded.
///
/// A `%` that two hex digits do not follow stands for itself. Values are bytes: nothing says that they are UTF-8.
struct FormQuery: Sendable {
    private let pairs: [(name: [UInt8], value: [UInt8])]

    init(_ query: Substring) {
        self.pairs = query.utf8.split(separator: UInt8(ascii: "&")).map { pair in
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            let value = pair.dropFirst(name.count + 1)
            return (Self.decode(name), Self.decode(value))
        }
    }

    /// The value of the first pair of that name.
    subscript(name: String) -> [UInt8]? {
        self.pairs.first { $0.name.elementsEqual(name.utf8) }?.value
    }

    private static func decode(_ text: Substring.UTF8View) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == UInt8(ascii: "+") {
                decoded.append(UInt8(ascii: " "))
            } else if character == UInt8(ascii: "%"), let byte = Self.byte(ofHex: rest.prefix(2)) {
                decoded.append(byte)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(character)
            }
        }
        return decoded
    }

    private static func byte(ofHex digits: Substring.UTF8View) -> UInt8? {
        guard digits.count == 2, let high = digits.first.flatMap(HexDigit.value(of:)),
            let low = digits.last.flatMap(HexDigit.value(of:))
        else { return nil }
        return high << 4 | low
    }
}
