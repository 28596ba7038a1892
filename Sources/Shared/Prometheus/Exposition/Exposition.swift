/// Metrics in the Prometheus text format, version 0.0.4.
struct Exposition {
    private(set) var bytes: [UInt8] = []

    /// The lines before a family's samples.
    mutating func family(_ name: String, type: String, help: String) {
        self.append("# HELP \(name) \(Self.escaped(help))\n# TYPE \(name) \(type)\n")
    }

    /// One sample.
    ///
    /// - Parameter bound: the value of the label `le`.
    mutating func sample(
        _ name: String, suffix: String = "", _ labels: LabelText, bound: String? = nil, _ value: String
    ) {
        self.append(name)
        self.append(suffix)
        if !labels.text.isEmpty || bound != nil {
            self.append("{")
            self.append(labels.text)
            if let bound {
                if !labels.text.isEmpty { self.append(",") }
                self.append("le=\"")
                self.append(bound)
                self.append("\"")
            }
            self.append("}")
        }
        self.append(" ")
        self.append(value)
        self.append("\n")
    }

    /// The buckets, each with those below it, the sum and the number of a histogram.
    mutating func histogram(_ name: String, _ labels: LabelText, bounds: [Double], _ reading: HistogramSeries.Reading) {
        var count: Int64 = 0
        for (index, inBucket) in reading.counts.enumerated() {
            count += inBucket
            let bound = index < bounds.count ? Self.number(bounds[index]) : "+Inf"
            self.sample(name, suffix: "_bucket", labels, bound: bound, "\(count)")
        }
        self.sample(name, suffix: "_sum", labels, Self.number(reading.sum))
        self.sample(name, suffix: "_count", labels, "\(count)")
    }

    /// A value as the format wants it: whole numbers without a point.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        // Up to there every whole number is one.
        if value.rounded() == value, value.magnitude < 0x1p53 { return "\(Int64(value))" }
        return "\(value)"
    }

    private mutating func append(_ text: String) { self.bytes += text.utf8 }

    /// `\` and line feeds with a backslash before them, the latter as `\n`.
    private static func escaped(_ help: String) -> String {
        String(
            help.unicodeScalars.flatMap { scalar in
                switch scalar {
                case "\\": "\\\\".unicodeScalars
                case "\n": "\\n".unicodeScalars
                default: String(scalar).unicodeScalars
                }
            }.reduce(into: String.UnicodeScalarView()) { $0.append($1) })
    }
}
