import TestSupport

/// A payload that is spoilt step by step.
struct PayloadMutation {
    private(set) var bytes: [UInt8]

    private static let tokens = [
        "null", "true", "[]", "{}", "\"\"", "1e999", "-0.0", "\"\\ud800\"", "\"\\u0000\"", "\"../..\"", "\"%2e%2e/x\"",
        "\"//e.example\"", "{\"a\":[1,{}]}", ",", ":", "\"to\":\"1\",", "\"text\":\"\",", "\"message_id\":\"m\",",
        "\"path\":\"5\",", "\"query\":{\"a\":1},", "\"method\":\"GET\",", "\"body\":{\"to\":[]},",
    ].map { Array($0.utf8) }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func mutate(using random: inout SeededGenerator) {
        let position = Int.random(in: 0...self.bytes.count, using: &random)
        let end = min(self.bytes.count, position + Int.random(in: 0...8, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: self.bytes.removeSubrange(position..<end)
        case 1: self.bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: position)
        case 2: self.bytes.insert(contentsOf: self.bytes[position..<end], at: position)
        case 3 where position < self.bytes.count:
            self.bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 4:
            self.bytes.insert(contentsOf: Self.tokens.randomElement(using: &random) ?? [], at: min(1, self.bytes.count))
        default: self.replaceValue(after: position, using: &random)
        }
    }

    /// Puts a token in the place of what stands between the next colon and the comma or brace after it.
    private mutating func replaceValue(after position: Int, using random: inout SeededGenerator) {
        guard let colon = self.bytes[position...].firstIndex(of: UInt8(ascii: ":")) else { return }
        let value = self.bytes[(colon + 1)...]
        let end = value.firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") } ?? self.bytes.endIndex
        self.bytes.replaceSubrange((colon + 1)..<end, with: Self.tokens.randomElement(using: &random) ?? [])
    }
}
