/// Reads a text line by line into families.
struct ExpositionReader {
    /// More families than this no process has.
    private static let familyLimit = 2000

    private(set) var families: [ExpositionFamily] = []
    /// By the names that samples may have: the family.
    private var places: [String: Int] = [:]
    /// The latest sample's name, and its family: most samples follow one of the same name.
    private var latest: (name: [UInt8], place: Int)?
    /// Hashes of the names and labels of all samples.
    private var known: Set<Int> = []
    private let label: ExpositionLabel?
    private var number = 0

    init(adding label: (name: String, value: String)?) {
        self.label = label.map { ExpositionLabel(name: $0.name, value: $0.value) }
    }

    mutating func read(_ text: [UInt8]) throws(ExpositionError) {
        guard text.isEmpty || text.last == UInt8(ascii: "\n") else { throw self.error("the text ends within a line") }
        guard String(validating: text, as: UTF8.self) != nil else { throw self.error("the text is no UTF-8") }
        var rest = text[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            self.number += 1
            try self.take(ExpositionLine(rest[..<end]))
            rest = rest[(end + 1)...]
        }
    }

    private mutating func take(_ line: ExpositionLine) throws(ExpositionError) {
        var line = line
        line.skipBlanks()
        if line.isAtEnd { return }
        if line.skip(UInt8(ascii: "#")) {
            try self.takeComment(&line)
        } else {
            try self.takeSample(&line)
        }
    }

    private mutating func takeComment(_ line: inout ExpositionLine) throws(ExpositionError) {
        line.skipBlanks()
        let isHelp = line.skip(word: "HELP")
        guard isHelp || line.skip(word: "TYPE") else { return }
        line.skipBlanks()
        guard let name = line.takeMetricName() else { throw self.error("no metric is named") }
        let place = try self.place(of: String(decoding: name, as: UTF8.self))
        guard line.isAtEnd || line.isAtBlank else { throw self.error("a metric's name has a wrong character") }
        line.skipBlanks()
        if isHelp {
            guard self.families[place].help == nil else { throw self.error("a second HELP") }
            guard line.isHelpText else { throw self.error("HELP has a wrong escape") }
            self.families[place].help = Array(line.rest)
        } else {
            try self.declare(line, at: place)
        }
    }

    private mutating func declare(_ line: ExpositionLine, at place: Int) throws(ExpositionError) {
        let family = self.families[place]
        guard family.kind == .untyped, family.samples.isEmpty else {
            throw self.error("a second TYPE, or one behind its samples")
        }
        guard let kind = ExpositionFamily.Kind(rawValue: String(decoding: line.restWithoutBlanks, as: UTF8.self)) else {
            throw self.error("no such TYPE")
        }
        self.families[place].kind = kind
        for name in kind.suffixes.map({ family.name + $0 }) {
            guard self.places[name] == nil else { throw self.error("samples of a family that is declared later") }
            self.places[name] = place
        }
        self.latest = nil
    }

    private mutating func takeSample(_ line: inout ExpositionLine) throws(ExpositionError) {
        guard let name = line.takeMetricName() else { throw self.error("no metric is named") }
        let place = try self.place(ofSample: name)
        var sample = Array(name)
        let labels = try self.takeLabels(&line, into: &sample)
        // Not the family itself: as long as that is held, what is appended to it is a copy.
        let (kind, length) = (self.families[place].kind, self.families[place].name.utf8.count)
        let isBucket = kind == .histogram && name.count == length + "_bucket".utf8.count
        guard kind != .histogram || labels.hasBound == isBucket else {
            throw self.error("a bucket without its bound, or a bound on something else")
        }
        guard kind.hasPlainSamples || name.count > length else {
            throw self.error("a histogram's name on a sample")
        }
        guard self.isNew(sample) else { throw self.error("a sample that was there before") }
        line.skipBlanks()
        guard let value = line.takeNumber() else { throw self.error("no number") }
        line.skipBlanks()
        guard line.isAtEnd else { throw self.error("something follows the number") }
        sample.append(UInt8(ascii: " "))
        sample += value
        sample.append(UInt8(ascii: "\n"))
        self.families[place].samples += sample
    }

    private mutating func isNew(_ sample: [UInt8]) -> Bool {
        var hasher = Hasher()
        sample.withUnsafeBytes { hasher.combine(bytes: $0) }
        return self.known.insert(hasher.finalize()).inserted
    }

    private func takeLabels(
        _ line: inout ExpositionLine, into sample: inout [UInt8]
    ) throws(ExpositionError) -> ExpositionLabels {
        var labels = ExpositionLabels(adding: self.label)
        line.skipBlanks()
        if line.skip(UInt8(ascii: "{")) {
            line.skipBlanks()
            while !line.skip(UInt8(ascii: "}")) {
                guard let reason = labels.take(&line) else { continue }
                throw self.error(reason)
            }
        }
        sample += labels.text
        return labels
    }

    private mutating func place(ofSample name: ArraySlice<UInt8>) throws(ExpositionError) -> Int {
        if let latest = self.latest, latest.name.elementsEqual(name) { return latest.place }
        let place = try self.place(of: String(decoding: name, as: UTF8.self))
        self.latest = (Array(name), place)
        return place
    }

    /// The family of samples with this name; one that was not declared becomes a family of its own.
    private mutating func place(of name: String) throws(ExpositionError) -> Int {
        if let place = self.places[name] { return place }
        guard self.families.count < Self.familyLimit else { throw self.error("too many metrics") }
        self.families.append(ExpositionFamily(name: name))
        self.places[name] = self.families.count - 1
        return self.families.count - 1
    }

    private func error(_ reason: String) -> ExpositionError { ExpositionError(line: self.number, reason: reason) }
}
