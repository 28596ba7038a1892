/// The header lines of a message as NATS writes them (ADR-4).
enum HeaderBlock {
    /// Reads `NATS/1.0`, then lines `name: value`, then an empty line, each ended by CR and LF.
    ///
    /// - Returns: `nil` for anything else; blanks around a value are no part of it.
    static func read(_ block: [UInt8]) -> [NATSHeader]? {
        var rest = block[...]
        guard let version = self.line(&rest), version.starts(with: "NATS/1.0".utf8) else { return nil }
        var headers: [NATSHeader] = []
        while let line = self.line(&rest) {
            if line.isEmpty { return rest.isEmpty ? headers : nil }
            guard
                let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                !self.isBlank(line[line.startIndex])
            else { return nil }
            let value = line[(colon + 1)...].drop(while: self.isBlank)
            let end = value.lastIndex { !self.isBlank($0) }.map { $0 + 1 } ?? value.startIndex
            headers.append(
                NATSHeader(
                    String(decoding: line[..<colon], as: UTF8.self),
                    String(decoding: value[..<end], as: UTF8.self)))
        }
        return nil
    }

    /// Takes a line off the front, without its end; `nil` where no end of line is left.
    private static func line(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let feed = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = rest[..<feed]
        rest = rest[(feed + 1)...]
        guard line.last == UInt8(ascii: "\r") else { return nil }
        return line.dropLast()
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
