/// The metrics of several processes as one text: each family once, with the samples of all.
package struct ExpositionJoin: Sendable {
    private var families: [ExpositionFamily] = []
    private var places: [String: Int] = [:]
    /// By the names that samples have: the family.
    private var owners: [String: Int] = [:]

    package init() {}

    /// Adds what a process shows.
    ///
    /// - Parameter reserved: families whose names begin with this it cannot have; nil where it may have all.
    /// - Returns: the families that are left out: such, and those that contradict what was there before by another type,
    ///   or by a name that is another's.
    @discardableResult
    package mutating func add(_ exposition: ScrapedExposition, without reserved: String? = nil) -> [String] {
        exposition.families.filter { family in
            reserved.map { family.name.hasPrefix($0) } ?? false || !self.add(family)
        }.map(\.name)
    }

    /// The whole text, the families in the order in which they came.
    package var text: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(self.families.reduce(0) { $0 + $1.samples.count + 256 })
        for family in self.families { family.write(to: &text) }
        return text
    }

    private mutating func add(_ family: ExpositionFamily) -> Bool {
        if let place = self.places[family.name] {
            guard self.families[place].kind == family.kind else { return false }
            self.families[place].samples += family.samples
            if self.families[place].help == nil { self.families[place].help = family.help }
            return true
        }
        let names = family.seriesNames
        guard !names.contains(where: { self.owners[$0] != nil }) else { return false }
        for name in names { self.owners[name] = self.families.count }
        self.places[family.name] = self.families.count
        self.families.append(family)
        return true
    }
}
