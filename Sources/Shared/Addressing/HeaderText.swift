/// The text of a NATS header value: any text goes in, printable ASCII of at most 512 bytes comes out.
///
/// Printable ASCII stays as it is. Every other byte of the UTF-8, `%`, and each blank at the beginning or the end is
/// written `%XX` with upper-case digits. A text that is too long ends before 512 bytes are over, never inside a `%XX`;
/// a bare blank that the cut would leave at the end is left out, since readers trim header values.
package enum HeaderText {
    /// The most bytes that an encoded value has.
    package static let limit = 512

    /// Encodes a text, cut where its encoding would pass the limit.
    package static func encode(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            Self.isPlain(bytes) ? String(decoding: bytes, as: UTF8.self) : Self.escape(bytes)
        }
    }

    /// Takes the escapes back; a `%` without two hex digits stays, broken UTF-8 becomes U+FFFD.
    package static func decode(_ value: String) -> String {
        String(decoding: PercentEscapes.decode(Array(value.utf8)), as: UTF8.self)
    }

    private static let percent = UInt8(ascii: "%")
    private static let blank = UInt8(ascii: " ")

    private static func isPrintable(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) && byte != percent }

    private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.count <= limit && bytes.first != blank && bytes.last != blank && bytes.allSatisfy(Self.isPrintable)
    }

    private static func escape(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let begin = bytes.firstIndex { $0 != blank } ?? bytes.endIndex
        let end = bytes.lastIndex { $0 != blank } ?? bytes.startIndex
        var escaped: [UInt8] = []
        escaped.reserveCapacity(min(limit, bytes.count * 3))
        for (index, byte) in bytes.enumerated() {
            let isKept = Self.isPrintable(byte) && (byte != blank || (begin...).contains(index) && index < end)
            guard escaped.count + (isKept ? 1 : 3) <= limit else {
                while escaped.last == blank { escaped.removeLast() }
                break
            }
            if isKept {
                escaped.append(byte)
            } else {
                PercentEscapes.append(byte, to: &escaped)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
