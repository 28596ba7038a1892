/// The reply subject of a delivery: where its ack goes, and what the server says of the delivery in it (ADR-15).
package struct AckSubject: Hashable, Sendable {
    /// `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<time>.<pending>`, or with
    /// `<domain>.<account hash>` after `ACK` and tokens of no meaning at the end.
    package let text: String
    /// How often the message has been delivered by this consumer, this time included.
    package let deliveries: Int
    package let streamSequence: UInt64
    package let consumerSequence: UInt64
    package let storedAt: StreamTime
    /// How many messages were still to be delivered.
    package let pending: Int

    /// - Returns: `nil` for what is no ack subject.
    package init?(_ text: String) {
        self.text = text
        var text = text
        guard let numbers = text.withUTF8(Self.numbers) else { return nil }
        self.deliveries = Int(clamping: numbers[0])
        self.streamSequence = numbers[1]
        self.consumerSequence = numbers[2]
        self.storedAt = StreamTime(nanoseconds: Int(clamping: numbers[3]))
        self.pending = Int(clamping: numbers[4])
    }

    package var stream: String { self.name(0) }

    package var consumer: String { self.name(1) }

    private func name(_ index: Int) -> String {
        let tokens = self.text.split(separator: ".", omittingEmptySubsequences: false)
        return String(tokens[(tokens.count == 9 ? 2 : 4) + index])
    }

    /// The five numbers; allocates nothing, as it is called for every message.
    private static func numbers(_ text: UnsafeBufferPointer<UInt8>) -> InlineArray<5, UInt64>? {
        guard text.starts(with: "$JS.ACK.".utf8) else { return nil }
        var tokens = 1
        for byte in text where byte == UInt8(ascii: ".") { tokens += 1 }
        guard tokens == 9 || tokens >= 11 else { return nil }
        let first = tokens == 9 ? 4 : 6
        var numbers = InlineArray<5, UInt64>(repeating: 0)
        var token = 0
        var length = 0
        for byte in text {
            if byte == UInt8(ascii: ".") {
                guard length > 0 else { return nil }
                token += 1
                length = 0
                if token == first + 5 { break }
                continue
            }
            length += 1
            guard token >= first else { continue }
            guard 0x30...0x39 ~= byte else { return nil }
            let (product, isOver) = numbers[token - first].multipliedReportingOverflow(by: 10)
            let (sum, isBeyond) = product.addingReportingOverflow(UInt64(byte - 0x30))
            guard !isOver, !isBeyond else { return nil }
            numbers[token - first] = sum
        }
        return length > 0 || token == first + 5 ? numbers : nil
    }
}
