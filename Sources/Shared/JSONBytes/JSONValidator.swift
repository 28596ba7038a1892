/// Walks a JSON text once, from its first byte to its last, and refuses what RFC 8259 does not allow.
///
/// Open arrays and objects are bits of one integer, so that depth costs neither stack nor allocation.
struct JSONValidator {
    let text: UnsafeBufferPointer<UInt8>
    /// The offset of the next byte; at most the text's length.
    var position = 0
    /// One bit for each open container, the innermost lowest: 1 for an object, 0 for an array.
    private var containers: UInt128 = 0
    private var depth = 0

    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    /// The next byte, or 0 at the text's end: a 0 byte is refused wherever it stands, so the two need no telling apart.
    @inline(__always)
    var next: UInt8 {
        self.position < self.text.count ? self.text[self.position] : 0
    }

    /// What makes the next byte unwelcome.
    func malformed() -> JSONError {
        JSONError(code: .malformed, offset: self.position)
    }

    /// Checks the whole text and returns where its value is, without the white space around it.
    mutating func document() throws(JSONError) -> Range<Int> {
        self.skipWhiteSpace()
        let start = self.position
        try self.value()
        let end = self.position
        self.skipWhiteSpace()
        guard self.position == self.text.count else { throw self.malformed() }
        return start..<end
    }

    /// Checks one value and everything in it; `position` is at its first byte, afterwards behind its last.
    private mutating func value() throws(JSONError) {
        repeat {
            switch self.next {
            case UInt8(ascii: "\""):
                try self.string()
            case UInt8(ascii: "{"):
                try self.open(.object)
                if self.next != UInt8(ascii: "}") {
                    try self.key()
                    continue
                }
            case UInt8(ascii: "["):
                try self.open(.array)
                if self.next != UInt8(ascii: "]") { continue }
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                try self.number()
            case UInt8(ascii: "t"):
                try self.literal("true")
            case UInt8(ascii: "f"):
                try self.literal("false")
            case UInt8(ascii: "n"):
                try self.literal("null")
            default:
                throw self.malformed()
            }
            try self.goOn()
        } while self.depth > 0
    }

    private enum Container { case object, array }

    private mutating func open(_ container: Container) throws(JSONError) {
        guard self.depth < JSONDocument.maximumDepth else { throw JSONError(code: .tooDeep, offset: self.position) }
        self.depth += 1
        self.containers = self.containers &<< 1 | (container == .object ? 1 : 0)
        self.position += 1
        self.skipWhiteSpace()
    }

    /// After a value or an empty container's opening: closes what ends here, and stops before the next value, if any.
    private mutating func goOn() throws(JSONError) {
        while self.depth > 0 {
            self.skipWhiteSpace()
            let inObject = self.containers & 1 == 1
            switch self.next {
            case UInt8(ascii: ","):
                self.position += 1
                self.skipWhiteSpace()
                if inObject { try self.key() }
                return
            case UInt8(ascii: "}") where inObject, UInt8(ascii: "]") where !inObject:
                self.position += 1
                self.depth -= 1
                self.containers = self.containers &>> 1
            default:
                throw self.malformed()
            }
        }
    }

    /// A member's key, its colon, and the white space before its value.
    private mutating func key() throws(JSONError) {
        guard self.next == UInt8(ascii: "\"") else { throw self.malformed() }
        try self.string()
        self.skipWhiteSpace()
        guard self.next == UInt8(ascii: ":") else { throw self.malformed() }
        self.position += 1
        self.skipWhiteSpace()
    }

    @inline(__always)
    private mutating func skipWhiteSpace() {
        while true {
            switch self.next {
            case 0x20, 0x09, 0x0A, 0x0D: self.position += 1
            default: return
            }
        }
    }

    private mutating func literal(_ name: StaticString) throws(JSONError) {
        for index in 0..<name.utf8CodeUnitCount {
            guard self.next == name.utf8Start[index] else { throw self.malformed() }
            self.position += 1
        }
    }

    private mutating func number() throws(JSONError) {
        if self.next == UInt8(ascii: "-") { self.position += 1 }
        if self.next == UInt8(ascii: "0") {
            self.position += 1
        } else {
            try self.digits()
        }
        if self.next == UInt8(ascii: ".") {
            self.position += 1
            try self.digits()
        }
        if self.next | 0x20 == UInt8(ascii: "e") {
            self.position += 1
            if self.next == UInt8(ascii: "+") || self.next == UInt8(ascii: "-") { self.position += 1 }
            try self.digits()
        }
    }

    /// One digit or more.
    @inline(__always)
    private mutating func digits() throws(JSONError) {
        let start = self.position
        while self.next &- UInt8(ascii: "0") < 10 { self.position += 1 }
        guard self.position > start else { throw self.malformed() }
    }
}
