/// A label as it is printed.
struct ExpositionLabel: Sendable {
    let name: [UInt8]
    /// `name="value"`, escaped.
    let text: [UInt8]

    init(name: String, value: String) {
        self.name = Array(name.utf8)
        self.text = Array(LabelText([(name, value)]).text.utf8)
    }
}

/// The labels of one sample, the added one first.
struct ExpositionLabels {
    /// More labels than this no sample has.
    private static let limit = 32

    private var names: [ArraySlice<UInt8>] = []
    private var body: [UInt8]
    /// Whether there is an `le`, or a `quantile`.
    private(set) var hasBound = false

    /// - Parameter label: which no sample may have by itself.
    init(adding label: ExpositionLabel?) {
        self.body = label?.text ?? []
        if let label { self.names.append(label.name[...]) }
    }

    /// With their braces; empty where there are none.
    var text: [UInt8] {
        self.body.isEmpty ? [] : [UInt8(ascii: "{")] + self.body + [UInt8(ascii: "}")]
    }

    /// Takes a label and what stands between it and the next one, or the closing brace.
    ///
    /// - Returns: what is wrong with it; nil when nothing is.
    mutating func take(_ line: inout ExpositionLine) -> String? {
        guard let name = line.takeLabelName() else { return "a label without a name" }
        guard !self.names.contains(where: { $0.elementsEqual(name) }) else { return "a label that was there before" }
        guard self.names.count < Self.limit else { return "too many labels" }
        self.names.append(name)
        line.skipBlanks()
        guard line.skip(UInt8(ascii: "=")) else { return "a label without a value" }
        line.skipBlanks()
        guard let value = line.takeQuoted() else { return "a label's value is not well quoted" }
        if name.elementsEqual("le".utf8) || name.elementsEqual("quantile".utf8) {
            guard ExpositionLine.isNumber(value) else { return "a bound that is no number" }
            self.hasBound = true
        }
        if !self.body.isEmpty { self.body.append(UInt8(ascii: ",")) }
        self.body += name
        self.body += [UInt8(ascii: "="), UInt8(ascii: "\"")]
        self.body += value
        self.body.append(UInt8(ascii: "\""))
        line.skipBlanks()
        guard line.skip(UInt8(ascii: ",")) else {
            return line.rest.first == UInt8(ascii: "}") ? nil : "labels without a comma between them, or an end"
        }
        line.skipBlanks()
        return nil
    }
}
