/// The series of one name, as a value.
struct SeriesFamily: Sendable {
    let type: SeriesType
    private let name: String
    private var series: [LabelText: any PrintedSeries] = [:]

    init(_ name: String, _ type: SeriesType) {
        self.name = name
        self.type = type
    }

    /// The series of these labels, made where there is none yet.
    ///
    /// - Returns: where the family is of another type, one that is never shown.
    mutating func series<Series: PrintedSeries>(_ labels: LabelText, _ make: () -> Series) -> Series {
        guard Series.type == self.type else { return make() }
        if let series = self.series[labels] as? Series { return series }
        let series = make()
        self.series[labels] = series
        return series
    }

    /// Takes a series away; whether there was one.
    mutating func remove(_ series: AnyObject) -> Bool {
        guard let (labels, _) = self.series.first(where: { $0.value === series }) else { return false }
        self.series[labels] = nil
        return true
    }

    /// Writes help, type and samples, by labels; nothing where there are none.
    ///
    /// - Parameter scraped: values that take the place of series with the same labels.
    func write(with scraped: [LabelText: Double], to exposition: inout Exposition) {
        guard !self.series.isEmpty || !scraped.isEmpty else { return }
        let help = MetricFamilies.named(self.name)?.help ?? "Not described"
        exposition.family(self.name, type: self.type.rawValue, help: help)
        let labels = Set(self.series.keys).union(scraped.keys)
        for labels in labels.sorted() {
            if let value = scraped[labels] {
                exposition.sample(self.name, labels, Exposition.number(value))
            } else {
                self.series[labels]?.write(self.name, labels, to: &exposition)
            }
        }
    }
}
