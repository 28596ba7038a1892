import TestSupport

/// Spoils webhooks in ways that lie near the edges of the grammar; the same seed gives the same texts.
struct WebhookMutator {
    struct Corpus: Sendable {
        let fixtures: [[UInt8]]

        /// - Parameter fixtures: at least one, none of them empty.
        init(fixtures: [[UInt8]]) throws {
            struct NoFixtures: Error {}
            guard !fixtures.isEmpty, !fixtures.contains([]) else { throw NoFixtures() }
            self.fixtures = fixtures
        }
    }

    private let corpus: Corpus
    private var random: SeededGenerator

    init(corpus: Corpus, seed: Seed) {
        self.corpus = corpus
        self.random = seed.generator
    }

    private static let pieces: [[UInt8]] =
        [
            "\"", "\\", "\\u", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "\\u0000", "\\u00e9", "\\n", "\\/", "\\x", "{",
            "}",
            "[", "]", ",", ":", "-", "+", ".", "e", "E5", "0", "00", "1", "-0", "1.0", "1e5", "1e999", "-1E-999", ".5",
            "5.",
            "9223372036854775807", "9223372036854775808", "123456789012345678901234567890", "true", "false", "null",
            "nul",
            " ", "\t", "\r\n", "\u{B}", "\u{A0}", "\u{FEFF}", "\u{7F}", "\u{1F}", "\0", "é", "e\u{301}", "Ж", "€", "😀",
            "\u{2028}", "\"a\":", "\"a\":1,", "\"messages\":[],", "\"\\u006dessages\":{},", "\"\":\"\"", "[[", "]]",
            "[]", "{}",
            "//", "/**/", "'", "NaN",
        ].map { Array($0.utf8) } + [
            [0x80], [0xC0, 0x80], [0xC3], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0xF0, 0x9F],
            [0xF4, 0x90, 0x80, 0x80],
            [0xFF], [0xFF, 0xFE], [0xFE, 0xFF],
        ]

    /// A fixture with up to four changes.
    mutating func next() -> [UInt8] {
        var text = self.corpus.fixtures[self.below(self.corpus.fixtures.count)]
        for _ in 0...(self.below(2) * self.below(4)) { self.mutate(&text) }
        return text
    }

    private mutating func mutate(_ text: inout [UInt8]) {
        switch self.below(10) {
        case 0:
            guard !text.isEmpty else { return }
            text[self.below(text.count)] ^= 1 << UInt8(self.below(8))
        case 1:
            guard !text.isEmpty else { return }
            text[self.below(text.count)] = UInt8(self.below(256))
        case 2:
            text.removeSubrange(self.span(of: text, atMost: 8))
        case 3:
            let span = self.span(of: text, atMost: 60)
            text.insert(contentsOf: Array(text[span]), at: span.lowerBound)
        case 4:
            let other = self.corpus.fixtures[self.below(self.corpus.fixtures.count)]
            text.replaceSubrange(self.span(of: text, atMost: 40), with: other[self.span(of: other, atMost: 40)])
        case 5:
            if self.below(4) == 0 { text.removeLast(self.below(text.count + 1)) }
        case 6:
            let depth = self.below(140)
            text =
                Array(repeating: UInt8(ascii: "["), count: depth) + text
                + Array(repeating: UInt8(ascii: "]"), count: depth)
        case 7:
            // Between two tokens, where white space and whole values may be welcome.
            guard let place = self.place(after: "{[,:", in: text) else { return }
            text.insert(contentsOf: self.piece(), at: place)
        case 8:
            guard let place = self.place(after: "\"", in: text) else { return }
            text.insert(contentsOf: self.piece(), at: place)
        default:
            text.replaceSubrange(self.span(of: text, atMost: 2), with: self.piece())
        }
    }

    private mutating func piece() -> [UInt8] {
        Self.pieces[self.below(Self.pieces.count)]
    }

    private mutating func span(of text: [UInt8], atMost length: Int) -> Range<Int> {
        let start = self.below(text.count + 1)
        return start..<min(text.count, start + self.below(length + 1))
    }

    /// Behind a byte of that kind, the first one from a random place on.
    private mutating func place(after kinds: String, in text: [UInt8]) -> Int? {
        let start = self.below(text.count + 1)
        return text[start...].firstIndex { kinds.utf8.contains($0) }.map { $0 + 1 }
    }

    /// From 0 up to, and without, the bound, which is 1 or more.
    private mutating func below(_ bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &self.random)
    }
}
