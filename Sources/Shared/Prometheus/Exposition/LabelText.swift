/// The labels of a series as they are printed between braces, without those; equal for the same labels.
struct LabelText: Hashable, Comparable, Sendable {
    let text: String

    /// - Parameter dimensions: names are made into such as the format allows; of several with one name the first counts.
    ///   Their order does not matter.
    init(_ dimensions: [(String, String)]) {
        var values: [String: String] = [:]
        for (name, value) in dimensions {
            let name = MetricName.label(name)
            if values[name] == nil { values[name] = value }
        }
        self.text = values.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
            .joined(separator: ",")
    }

    static func < (one: LabelText, other: LabelText) -> Bool { one.text < other.text }

    /// `\`, `"` and line feeds with a backslash before them, the latter as `\n`.
    private static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\"") || $0 == 10 }) else {
            return value
        }
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
