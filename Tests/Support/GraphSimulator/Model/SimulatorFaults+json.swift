import JSONBytes

/// The faults as the control endpoint writes and reads them.
extension SimulatorFaults {
    /// What a control request has wrong.
    struct Mistake: Error {
        let message: String
    }

    /// Members that are missing keep their defaults; durations are numbers of milliseconds, a range is an array of two.
    init(json: JSONValue) throws(Mistake) {
        guard json.kind == .object else { throw Mistake(message: "expected a JSON object") }
        self.init()
        for (key, value) in json.members {
            switch key.string {
            case "latency_ms": self.latency = try Self.range(value)
            case "error_rate": self.errorRate = try Self.share(value)
            case "error_code": self.error = .standard(try Self.count(value), status: json["error_status"]?.int)
            case "error_status": self.error.status = try Self.count(value)
            case "per_second": self.messagesPerSecond = value.isNull ? nil : try Self.count(value)
            case "pair_burst":
                self.pairRate = PairRate(
                    burst: try Self.count(value), interval: try json["pair_interval_ms"].map(Self.time) ?? .seconds(6))
            case "throttling_status": self.throttlingStatus = try Self.count(value)
            case "retry_after": self.retryAfter = value.string ?? value.int.map(String.init)
            case "disturbance":
                let time = try json["slow_ms"].map(Self.time) ?? .seconds(2)
                guard let disturbance = Disturbance(name: value.string ?? "", slow: time) else {
                    throw Mistake(message: "disturbance: expected one of \(Disturbance.names.joined(separator: ", "))")
                }
                self.disturbance = disturbance
            case "disturbance_rate": self.disturbanceRate = try Self.share(value)
            case "accepts_disturbed": self.acceptsDisturbed = value.bool ?? true
            case "pair_interval_ms", "slow_ms", "phone_number_id": break
            default: throw Mistake(message: "unknown member \(key.string ?? "")")
            }
        }
    }

    var json: MetaJSON {
        var members: [MetaJSON] = [
            #""latency_ms":[\#(self.latency.lowerBound.milliseconds),\#(self.latency.upperBound.milliseconds)]"#,
            #""error_rate":\#(MetaJSON(stringLiteral: "\(self.errorRate)"))"#, #""error_code":\#(self.error.code)"#,
            #""error_status":\#(self.error.status)"#, #""throttling_status":\#(self.throttlingStatus)"#,
            #""disturbance":\#(self.disturbance.name)"#,
            #""disturbance_rate":\#(MetaJSON(stringLiteral: "\(self.disturbanceRate)"))"#,
            #""accepts_disturbed":\#(self.acceptsDisturbed)"#,
        ]
        if let messagesPerSecond { members.append(#""per_second":\#(messagesPerSecond)"#) }
        if let pairRate {
            members.append(#""pair_burst":\#(pairRate.burst)"#)
            members.append(#""pair_interval_ms":\#(pairRate.interval.milliseconds)"#)
        }
        if let retryAfter { members.append(#""retry_after":\#(retryAfter)"#) }
        if case .slow(let time) = self.disturbance { members.append(#""slow_ms":\#(time.milliseconds)"#) }
        return MetaJSON.object(members)
    }

    private static func count(_ value: JSONValue) throws(Mistake) -> Int {
        guard let count = value.int, (0...10_000_000).contains(count) else {
            throw Mistake(message: "expected a whole number from 0 to 10000000")
        }
        return count
    }

    private static func share(_ value: JSONValue) throws(Mistake) -> Double {
        let text = String(decoding: value.bytes, as: UTF8.self)
        guard value.kind == .number, let share = Double(text), (0...1).contains(share) else {
            throw Mistake(message: "expected a number from 0 to 1")
        }
        return share
    }

    private static func time(_ value: JSONValue) throws(Mistake) -> Duration {
        .milliseconds(try self.count(value))
    }

    private static func range(_ value: JSONValue) throws(Mistake) -> ClosedRange<Duration> {
        guard value.kind == .array else {
            let time = try self.time(value)
            return time...time
        }
        let bounds = Array(value.elements)
        guard bounds.count == 2 else { throw Mistake(message: "expected a number or an array of two") }
        let (low, high) = (try self.time(bounds[0]), try self.time(bounds[1]))
        guard low <= high else { throw Mistake(message: "expected the lower number first") }
        return low...high
    }
}

extension SimulatorFaults.Disturbance {
    static let names = [
        "none", "hang", "reset", "close", "slow", "half", "html_502", "empty_503", "no_json",
    ]

    var name: String {
        switch self {
        case .none: "none"
        case .hang: "hang"
        case .reset: "reset"
        case .close: "close"
        case .slow: "slow"
        case .half: "half"
        case .htmlBadGateway: "html_502"
        case .emptyUnavailable: "empty_503"
        case .noJSON: "no_json"
        }
    }

    init?(name: String, slow time: Duration) {
        switch name {
        case "none": self = .none
        case "hang": self = .hang
        case "reset": self = .reset
        case "close": self = .close
        case "slow": self = .slow(time)
        case "half": self = .half
        case "html_502": self = .htmlBadGateway
        case "empty_503": self = .emptyUnavailable
        case "no_json": self = .noJSON
        default: return nil
        }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int {
        let (seconds, attoseconds) = self.components
        return Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
