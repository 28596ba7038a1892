/// What a page of metrics says: a reader for tests, of well-behaved text alone.
package struct MetricsText: Sendable, CustomStringConvertible {
    /// A metric's family, as its comments and samples tell it.
    package struct Family: Hashable, Sendable {
        package let type: String
        package let help: String
        /// The names of the labels of its samples, `le` left out.
        package var labels: Set<String> = []
    }

    package let description: String
    /// By name.
    package private(set) var families: [String: Family] = [:]
    /// By the text before the value, such as `up{job="a"}`.
    package private(set) var samples: [String: Double] = [:]
    /// The same texts, as often as they come.
    package private(set) var lines: [String] = []

    package init(_ bytes: [UInt8]) {
        self.description = String(decoding: bytes, as: UTF8.self)
        var helps: [String: String] = [:]
        for line in self.description.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            switch (words[0], words.count > 1 ? words[1] : "") {
            case ("#", "HELP"): helps[words[2]] = words[3]
            case ("#", "TYPE"): self.families[words[2]] = Family(type: words[3], help: helps[words[2]] ?? "")
            default: self.read(sample: line)
            }
        }
    }

    /// A sample's value; nil where there is none.
    package subscript(_ name: String, _ labels: KeyValuePairs<String, String> = [:]) -> Double? {
        let text = labels.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",")
        return self.samples[text.isEmpty ? name : "\(name){\(text)}"]
    }

    /// The sum of all samples of a name.
    package func sum(of name: String) -> Double {
        self.samples.filter { $0.key == name || $0.key.hasPrefix("\(name){") }.values.reduce(0, +)
    }

    private mutating func read(sample line: Substring) {
        guard let blank = line.lastIndex(of: " ") else { return }
        let text = String(line[..<blank])
        self.lines.append(text)
        self.samples[text] = Double(line[line.index(after: blank)...])
        let name = String(text.prefix { $0 != "{" })
        let base = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }
        let family = self.families[name] != nil ? name : base ?? name
        // No value of a test holds `",`.
        let labels = text.dropFirst(name.count).split(separator: "\",").compactMap { label in
            label.split(separator: "=").first.map { String($0.drop { $0 == "{" }) }
        }
        self.families[family]?.labels.formUnion(labels.filter { $0 != "le" })
    }
}
