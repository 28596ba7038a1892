/// The metrics of one process, read from Prometheus' text format (version 0.0.4), each sample with a label added.
///
/// The text is taken for a stranger's: one that breaks the format's rules anywhere is refused whole, so that what is
/// printed of the rest can be read by everybody. Time stamps are refused too: a sample is of the moment of its scrape.
package struct ScrapedExposition: Sendable {
    /// In the order of their first appearance.
    let families: [ExpositionFamily]

    /// - Parameters:
    ///   - text: at most as long as the caller bears; it is kept no longer than this takes.
    ///   - label: the label to add, which no sample may have by itself; nil to add none.
    /// - Throws: `ExpositionError` for the first line that is wrong.
    package init(reading text: [UInt8], adding label: (name: String, value: String)?) throws(ExpositionError) {
        var reader = ExpositionReader(adding: label)
        try reader.read(text)
        self.families = reader.families
    }

    /// The sum of all samples of a counter or gauge; nil where there are none.
    package func total(of name: String) -> Double? {
        guard let family = self.families.first(where: { $0.name == name }), !family.samples.isEmpty else { return nil }
        return family.samples.split(separator: UInt8(ascii: "\n")).reduce(0) { total, line in
            let value = line.suffix { $0 != UInt8(ascii: " ") }
            return total + (Double(String(decoding: value, as: UTF8.self)) ?? 0)
        }
    }
}

extension ArraySlice<UInt8> {
    /// The bytes behind the last one of which this does not hold.
    fileprivate func suffix(while holds: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        guard let last = self.lastIndex(where: { !holds($0) }) else { return self }
        return self[(last + 1)...]
    }
}
