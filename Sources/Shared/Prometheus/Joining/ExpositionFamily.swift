/// All samples of one name, as they are printed below one `HELP` and one `TYPE`.
struct ExpositionFamily: Sendable {
    enum Kind: String, Sendable {
        case counter, gauge, histogram, summary, untyped

        /// What may follow the family's name in the names of its samples.
        var suffixes: [String] {
            switch self {
            case .counter, .gauge, .untyped: []
            case .histogram: ["_bucket", "_sum", "_count"]
            case .summary: ["_sum", "_count"]
            }
        }

        /// Whether samples have the family's name as it is.
        var hasPlainSamples: Bool { self != .histogram }
    }

    let name: String
    var kind = Kind.untyped
    /// As it was written, escapes included; nil where nothing was.
    var help: [UInt8]?
    /// Whole lines, each with its end.
    var samples: [UInt8] = []

    /// The names that its samples may have.
    var seriesNames: [String] {
        (self.kind.hasPlainSamples ? [self.name] : []) + self.kind.suffixes.map { self.name + $0 }
    }

    /// Appends the whole family to a text.
    func write(to text: inout [UInt8]) {
        if let help = self.help {
            text += Array("# HELP \(self.name) ".utf8) + help
            text.append(UInt8(ascii: "\n"))
        }
        text += Array("# TYPE \(self.name) \(self.kind.rawValue)\n".utf8)
        text += self.samples
    }
}
