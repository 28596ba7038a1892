/// One thing that is wrong with the configuration, told in one line.
package struct SettingsProblem: Hashable, Sendable {
    /// The variable, the option, or `<path>:<line>` of an env file.
    package let variable: String
    /// What was expected, and what was found unless that is a secret.
    package let message: String

    package init(variable: String, message: String) {
        self.variable = variable
        self.message = message
    }
}

extension SettingsProblem: CustomStringConvertible {
    package var description: String { "\(printable(self.variable)): \(self.message)" }
}

/// The configuration cannot be used; a process that meets this ends with exit status 78.
package struct SettingsError: Error, Hashable {
    /// All that was found wrong, each once, in order of finding; never empty.
    package let problems: [SettingsProblem]
}

extension SettingsError: CustomStringConvertible {
    /// One line for each problem.
    package var description: String { self.problems.map(\.description).joined(separator: "\n") }
}

/// A text from outside as it may stand in a message: control and other non-ASCII characters escaped, cut after `limit`.
package func printable(_ text: String, limit: Int = 1024) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(limit) {
        shown += (0x20...0x7E).contains(scalar.value) ? String(scalar) : scalar.escaped(asASCII: true)
    }
    return text.unicodeScalars.dropFirst(limit).isEmpty ? shown : shown + "..."
}
