import Foundation
import JSONBytes

/// What this house and `JSONSerialization` make of one text, where they differ for a reason that is known.
enum Verdict: Equatable {
    case accepted
    case refused
    case disagreement(String)

    init(on text: [UInt8]) {
        do {
            let document = try JSONDocument(validating: text)
            self = Self.accepted(document)
        } catch {
            self = Self.refused(text, error)
        }
    }

    /// What is accepted here must be accepted there, once what only Foundation refuses has been made good.
    private static func accepted(_ document: JSONDocument) -> Verdict {
        if let object = try? JSONSerialization.jsonObject(with: Data(document.bytes), options: .fragmentsAllowed) {
            return Self.difference(between: document.root, and: object).map { Self.disagreement($0, document.bytes) }
                ?? .accepted
        }
        let repaired = JSONRepair(document.bytes).withoutLoneSurrogatesAndHugeNumbers
        guard repaired != document.bytes,
            (try? JSONSerialization.jsonObject(with: Data(repaired), options: .fragmentsAllowed)) != nil
        else { return Self.disagreement("accepted here alone", document.bytes) }
        return .accepted
    }

    /// What is refused here must be refused there, but for four things that the contract does not let in.
    private static func refused(_ text: [UInt8], _ error: JSONError) -> Verdict {
        guard (try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)) != nil else {
            return .refused
        }
        // Foundation goes down 512 levels.
        if error.code == .tooDeep { return .refused }
        // Foundation reads UTF-16 and UTF-32 too, which it knows by a byte order mark or by NUL bytes near the start.
        if text.starts(with: [0xEF, 0xBB, 0xBF]) || text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF])
            || text.prefix(4).contains(0)
        {
            return .refused
        }
        // Foundation passes over a comma behind the last element or member: without it the two must agree.
        if let comma = Self.lastComma(in: text, before: error.offset) {
            var rest = text
            rest.remove(at: comma)
            if case .disagreement(let what) = Verdict(on: rest) { return .disagreement(what) }
            return .refused
        }
        return Self.disagreement("refused here alone, \(error)", text)
    }

    /// Where a comma stands that only white space parts from the bracket or brace at this place.
    private static func lastComma(in text: [UInt8], before end: Int) -> Int? {
        guard text.indices.contains(end), "]}".utf8.contains(text[end]),
            let last = text[..<end].lastIndex(where: { !" \t\r\n".utf8.contains($0) }), text[last] == UInt8(ascii: ",")
        else { return nil }
        return last
    }

    private static func disagreement(_ what: String, _ text: [UInt8]) -> Verdict {
        .disagreement("\(what): \(Data(text).base64EncodedString())")
    }

    /// The first place where the two read different values out of the same text.
    private static func difference(between value: JSONValue, and object: Any) -> String? {
        switch object {
        case let members as [String: Any]:
            // Foundation keeps the last of repeated keys, and takes canonically equivalent ones for the same.
            var last: [String: JSONValue] = [:]
            var final: (key: String, range: Range<Int>)?
            for (key, member) in value.members {
                guard let name = key.string else { return "a key that is no string" }
                last[Self.withoutByteOrderMarks(name)] = member
                final = (name, member.range)
            }
            if let final, value[final.key]?.range != final.range { return "subscript of \(value.range)" }
            let members = Dictionary(members.map { (Self.withoutByteOrderMarks($0.key), $0.value) }) { $1 }
            guard value.kind == .object, last.count == members.count else { return "members of \(value.range)" }
            for (name, member) in last {
                guard let other = members[name] else { return "member \(name) of \(value.range)" }
                if let difference = Self.difference(between: member, and: other) { return difference }
            }
            return nil
        case let elements as [Any]:
            guard value.kind == .array else { return "kind of \(value.range)" }
            var others = elements.makeIterator()
            for element in value.elements {
                guard let other = others.next() else { return "elements of \(value.range)" }
                if let difference = Self.difference(between: element, and: other) { return difference }
            }
            return others.next() == nil ? nil : "elements of \(value.range)"
        case let string as String:
            guard let own = value.string else { return "kind of \(value.range)" }
            let isSame =
                own.utf8.elementsEqual(string.utf8)
                || Self.withoutByteOrderMarks(own).utf8.elementsEqual(Self.withoutByteOrderMarks(string).utf8)
                    && own.utf8.count > string.utf8.count
            return isSame ? nil : "string at \(value.range)"
        case is NSNull:
            return value.isNull ? nil : "null at \(value.range)"
        case let number as NSNumber:
            if let bool = value.bool { return bool == number.boolValue ? nil : "bool at \(value.range)" }
            guard value.kind == .number else { return "kind of \(value.range)" }
            return value.int.map { $0 == number.intValue } ?? true ? nil : "number at \(value.range)"
        default:
            return "unknown object at \(value.range)"
        }
    }

    /// Foundation loses a byte order mark at the beginning of a string, and behind an escape.
    private static func withoutByteOrderMarks(_ string: String) -> String {
        String(String.UnicodeScalarView(string.unicodeScalars.filter { $0 != "\u{FEFF}" }))
    }
}

/// Makes good what is JSON by RFC 8259 and refused by Foundation.
struct JSONRepair {
    private let text: [UInt8]

    init(_ text: [UInt8]) {
        self.text = text
    }

    /// The text with `\ufffd` for lone surrogate escapes and `0` for numbers outside `Double`.
    var withoutLoneSurrogatesAndHugeNumbers: [UInt8] {
        var result: [UInt8] = []
        var position = 0
        while position < self.text.count {
            let byte = self.text[position]
            if byte == UInt8(ascii: "\"") {
                let end = self.endOfString(at: position)
                result += self.repaired(string: self.text[position..<end])
                position = end
            } else if byte == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
                let number = self.text[position...].prefix { "+-.eE0123456789".utf8.contains($0) }
                let fits = Double(String(decoding: number, as: UTF8.self))?.isFinite ?? true
                result += fits ? Array(number) : [UInt8(ascii: "0")]
                position = number.endIndex
            } else {
                result.append(byte)
                position += 1
            }
        }
        return result
    }

    private func endOfString(at start: Int) -> Int {
        var position = start + 1
        while position < self.text.count, self.text[position] != UInt8(ascii: "\"") {
            position += self.text[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(position + 1, self.text.count)
    }

    private func repaired(string: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = string
        while let byte = rest.first {
            if let high = Self.surrogate(rest) {
                if high < 0xDC00, let low = Self.surrogate(rest.dropFirst(6)), low >= 0xDC00 {
                    result += rest.prefix(12)
                    rest = rest.dropFirst(12)
                } else {
                    result += "\\ufffd".utf8
                    rest = rest.dropFirst(6)
                }
            } else {
                let length = byte == UInt8(ascii: "\\") ? 2 : 1
                result += rest.prefix(length)
                rest = rest.dropFirst(length)
            }
        }
        return result
    }

    /// The surrogate whose escape a text begins with.
    private static func surrogate(_ text: ArraySlice<UInt8>) -> Int? {
        guard text.starts(with: "\\u".utf8) else { return nil }
        let digits = String(decoding: text.dropFirst(2).prefix(4), as: UTF8.self)
        return Int(digits, radix: 16).flatMap { 0xD800...0xDFFF ~= $0 ? $0 : nil }
    }
}
