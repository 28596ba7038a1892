import JSONBytes

extension StatusPlan {
    /// Milliseconds; `null` for a status that should never come; members that are missing keep their defaults.
    init(json: JSONValue) throws(SimulatorFaults.Mistake) {
        self.init()
        for (key, value) in json.members {
            switch key.string {
            case "sent_ms": self.sent = try Self.time(value)
            case "delivered_ms": self.delivered = try Self.time(value)
            case "read_ms": self.read = try Self.time(value)
            case "failure_rate":
                guard let share = Double(String(decoding: value.bytes, as: UTF8.self)), (0...1).contains(share) else {
                    throw SimulatorFaults.Mistake(message: "failure_rate: expected a number from 0 to 1")
                }
                self.failureRate = share
            case "failure_code": self.failureCode = value.int ?? 131026
            default: throw SimulatorFaults.Mistake(message: "unknown member \(key.string ?? "")")
            }
        }
    }

    private static func time(_ value: JSONValue) throws(SimulatorFaults.Mistake) -> Duration? {
        if value.isNull { return nil }
        guard let count = value.int, (0...86_400_000).contains(count) else {
            throw SimulatorFaults.Mistake(message: "expected milliseconds, or null")
        }
        return .milliseconds(count)
    }
}
