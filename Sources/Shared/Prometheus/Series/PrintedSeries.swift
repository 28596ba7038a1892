/// What a family's samples are, in the format's words.
enum SeriesType: String, Sendable {
    case counter, gauge, histogram
}

/// One series: what stands under a name for one set of labels.
protocol PrintedSeries: AnyObject, Sendable {
    static var type: SeriesType { get }

    /// Writes its samples.
    func write(_ name: String, _ labels: LabelText, to exposition: inout Exposition)
}

extension CounterSeries: PrintedSeries {
    static var type: SeriesType { .counter }

    func write(_ name: String, _ labels: LabelText, to exposition: inout Exposition) {
        exposition.sample(name, labels, Exposition.number(self.value))
    }
}

extension GaugeSeries: PrintedSeries {
    static var type: SeriesType { .gauge }

    func write(_ name: String, _ labels: LabelText, to exposition: inout Exposition) {
        exposition.sample(name, labels, Exposition.number(self.value))
    }
}

extension HistogramSeries: PrintedSeries {
    static var type: SeriesType { .histogram }

    func write(_ name: String, _ labels: LabelText, to exposition: inout Exposition) {
        exposition.histogram(name, labels, bounds: self.bounds, self.reading)
    }
}
