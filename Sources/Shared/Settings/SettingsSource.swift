/// Where a process' variables come from, gathered: the credentials directory over the environment over env files.
///
/// Files that could not be read are kept as problems, to be told together with what is wrong with the values.
package struct SettingsSource: Sendable {
    /// All variables by name; those that are set but empty included.
    package let variables: [String: String]
    /// What went wrong with the files.
    package let problems: [SettingsProblem]

    /// A source of just these variables, and no file.
    package init(variables: [String: String]) {
        self.init(variables: variables, problems: [])
    }

    init(variables: [String: String], problems: [SettingsProblem]) {
        self.variables = variables
        self.problems = problems
    }

    /// The names of all variables, sorted.
    package var names: [String] { self.variables.keys.sorted() }

    /// A variable's value; nil when it is not set or empty, which mean the same.
    package subscript(name: String) -> String? {
        guard let value = self.variables[name], !value.isEmpty else { return nil }
        return value
    }
}

extension SettingsSource: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The names alone, since values may be secrets.
    package var description: String { "SettingsSource(\(self.names.map { printable($0) }.joined(separator: ", ")))" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
