/// Reads values from a source and gathers all that is wrong with them, to be told at once.
package struct SettingsReader: Sendable {
    package let source: SettingsSource
    private var problems: [SettingsProblem]

    package init(_ source: SettingsSource) {
        self.source = source
        self.problems = source.problems
    }

    /// A variable's value; its default when it is not set, or when it is malformed, which is noted.
    package mutating func value<Value>(_ variable: Variable<Value>) -> Value {
        guard let text = self.source[variable.name] else { return variable.fallback }
        return self.value(text, of: variable.name, as: variable.form) ?? variable.fallback
    }

    /// Reads a text as a variable's value; nil when it is malformed, which is noted.
    package mutating func value<Value>(_ text: String, of name: String, as form: ValueForm<Value>) -> Value? {
        if let value = form.parse(text) { return value }
        let found = form.isSecret ? "" : ", found \"\(printable(text, limit: 48))\""
        self.problem(name, "expected \(form.expected)\(found)")
        return nil
    }

    /// A path of a file that this process can read, or nil when it is not set; an unreadable one is noted.
    package mutating func readableFile(_ variable: Variable<String?>) -> String? {
        guard let path = self.value(variable) else { return nil }
        do throws(FileError) {
            try FileBytes.checkReadable(path: path)
        } catch {
            self.problem(variable.name, "the file \"\(printable(path))\" cannot be read: \(error.reason)")
        }
        return path
    }

    /// Notes a problem; the message must hold no secret.
    package mutating func problem(_ variable: String, _ message: String) {
        self.problems.append(SettingsProblem(variable: variable, message: message))
    }

    /// Whether something is wrong with a variable, as far as it was read.
    package func isWrong(_ variable: String) -> Bool {
        self.problems.contains { $0.variable == variable }
    }

    /// Checks every variable that the gateway knows, whether this process reads it or not.
    package mutating func checkAllVariables() {
        for variable in KnownVariables.all { variable.check(&self) }
    }

    /// Throws all that was noted, each problem once.
    package func finish() throws(SettingsError) {
        var seen: Set<SettingsProblem> = []
        let problems = self.problems.filter { seen.insert($0).inserted }
        guard problems.isEmpty else { throw SettingsError(problems: problems) }
    }
}
