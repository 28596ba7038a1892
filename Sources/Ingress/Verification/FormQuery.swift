import Addressing

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
        PercentEscapes.decode(text.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
    }
}
