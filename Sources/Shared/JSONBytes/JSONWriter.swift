/// Builds a JSON text piece by piece, out of literal members and slices of other texts.
package struct JSONWriter: Sendable {
    /// What has been written so far.
    package private(set) var bytes: [UInt8] = []

    /// A writer that has written nothing.
    package init() {}

    /// Writes a string in quotes; only what JSON demands is escaped.
    package mutating func string(_ value: String) {
        var value = value
        self.bytes.append(UInt8(ascii: "\""))
        value.withUTF8 { text in
            if text.contains(where: Self.needsEscape) {
                for byte in text { self.append(escaping: byte) }
            } else {
                self.bytes.append(contentsOf: text)
            }
        }
        self.bytes.append(UInt8(ascii: "\""))
    }

    /// Writes bytes that are already JSON, as they are.
    package mutating func raw(_ slice: some Collection<UInt8>) {
        if slice.withContiguousStorageIfAvailable({ self.bytes.append(contentsOf: $0) }) == nil {
            self.bytes.append(contentsOf: slice)
        }
    }

    /// Writes a number.
    package mutating func int(_ value: Int) {
        self.raw(String(value).utf8)
    }

    /// Writes `true` or `false`.
    package mutating func bool(_ value: Bool) {
        self.raw((value ? "true" : "false").utf8)
    }

    /// Writes `null`.
    package mutating func null() {
        self.raw("null".utf8)
    }

    /// Writes an object with the members that `body` adds.
    package mutating func object(_ body: (inout JSONObjectWriter) -> Void) {
        self.bytes.append(UInt8(ascii: "{"))
        var members = JSONObjectWriter(continuing: self.take())
        body(&members)
        self = members.writer
        self.bytes.append(UInt8(ascii: "}"))
    }

    /// Writes an array with the elements that `body` adds.
    package mutating func array(_ body: (inout JSONArrayWriter) -> Void) {
        self.bytes.append(UInt8(ascii: "["))
        var elements = JSONArrayWriter(continuing: self.take())
        body(&elements)
        self = elements.writer
        self.bytes.append(UInt8(ascii: "]"))
    }

    /// Hands the text over, so that there is one owner and nothing is copied.
    private mutating func take() -> JSONWriter {
        var taken = JSONWriter()
        swap(&taken, &self)
        return taken
    }

    fileprivate mutating func comma() {
        self.bytes.append(UInt8(ascii: ","))
    }

    fileprivate mutating func colon() {
        self.bytes.append(UInt8(ascii: ":"))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): self.bytes += [UInt8(ascii: "\\"), byte]
        case 0x08: self.raw("\\b".utf8)
        case 0x09: self.raw("\\t".utf8)
        case 0x0A: self.raw("\\n".utf8)
        case 0x0C: self.raw("\\f".utf8)
        case 0x0D: self.raw("\\r".utf8)
        case 0x00..<0x20:
            self.raw(byte < 0x10 ? "\\u000".utf8 : "\\u00".utf8)
            self.raw(String(byte, radix: 16).utf8)
        default: self.bytes.append(byte)
        }
    }
}

/// The members of an object that is being written, in the order in which they are added.
package struct JSONObjectWriter: Sendable {
    fileprivate var writer: JSONWriter
    private var isEmpty = true

    fileprivate init(continuing writer: JSONWriter) {
        self.writer = writer
    }

    /// Adds a member with a string, escaped as ``JSONWriter/string(_:)`` does.
    package mutating func member(_ key: String, string value: String) {
        self.key(key)
        self.writer.string(value)
    }

    /// Adds a member whose value is already JSON.
    package mutating func member(_ key: String, raw slice: some Collection<UInt8>) {
        self.key(key)
        self.writer.raw(slice)
    }

    /// Adds a member with a number.
    package mutating func member(_ key: String, int value: Int) {
        self.key(key)
        self.writer.int(value)
    }

    /// Adds a member with `true` or `false`.
    package mutating func member(_ key: String, bool value: Bool) {
        self.key(key)
        self.writer.bool(value)
    }

    /// Adds a member with an object that `body` fills.
    package mutating func member(_ key: String, object body: (inout JSONObjectWriter) -> Void) {
        self.key(key)
        self.writer.object(body)
    }

    /// Adds a member with an array that `body` fills.
    package mutating func member(_ key: String, array body: (inout JSONArrayWriter) -> Void) {
        self.key(key)
        self.writer.array(body)
    }

    private mutating func key(_ key: String) {
        if !self.isEmpty { self.writer.comma() }
        self.isEmpty = false
        self.writer.string(key)
        self.writer.colon()
    }
}

/// The elements of an array that is being written, in the order in which they are added.
package struct JSONArrayWriter: Sendable {
    fileprivate var writer: JSONWriter
    private var isEmpty = true

    fileprivate init(continuing writer: JSONWriter) {
        self.writer = writer
    }

    /// Adds a string, escaped as ``JSONWriter/string(_:)`` does.
    package mutating func element(string value: String) {
        self.separate()
        self.writer.string(value)
    }

    /// Adds an element that is already JSON.
    package mutating func element(raw slice: some Collection<UInt8>) {
        self.separate()
        self.writer.raw(slice)
    }

    /// Adds a number.
    package mutating func element(int value: Int) {
        self.separate()
        self.writer.int(value)
    }

    /// Adds `true` or `false`.
    package mutating func element(bool value: Bool) {
        self.separate()
        self.writer.bool(value)
    }

    /// Adds an object that `body` fills.
    package mutating func element(object body: (inout JSONObjectWriter) -> Void) {
        self.separate()
        self.writer.object(body)
    }

    private mutating func separate() {
        if !self.isEmpty { self.writer.comma() }
        self.isEmpty = false
    }
}
