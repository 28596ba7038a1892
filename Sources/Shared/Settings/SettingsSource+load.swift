extension SettingsSource {
    /// A mark in an environment that its maker calls complete: no `.env`, no env file and no credentials directory is
    /// read beside it. The supervisor sets it for its workers.
    package static let completeMark = (name: "WHATSAPP_ENVIRONMENT", value: "complete")

    /// Gathers the variables of this process; to be called again on a reload.
    ///
    /// - Parameters:
    ///   - environment: the process' own environment; its `CREDENTIALS_DIRECTORY` names the credentials directory.
    ///   - envFiles: files that fill in what the environment does not set, a later one going before an earlier one; nil
    ///     for `.env` of the working directory where there is one.
    ///   - workingDirectory: where `.env` is looked for.
    package static func load(
        environment: [String: String] = processEnvironment(), envFiles: [String]? = nil, workingDirectory: String = "."
    ) -> SettingsSource {
        guard environment[completeMark.name] != completeMark.value else {
            return SettingsSource(variables: environment)
        }
        var variables: [String: String] = [:]
        var problems: [SettingsProblem] = []
        let defaultFile = workingDirectory == "." ? ".env" : "\(workingDirectory)/.env"
        for file in envFiles ?? (FileBytes.exists(path: defaultFile) ? [defaultFile] : []) {
            do throws(FileError) {
                let content = EnvFile.parse(try FileBytes.read(path: file, limit: Self.envFileLimit), path: file)
                for (name, value) in content.variables { variables[name] = value }
                problems += content.problems
            } catch {
                problems.append(SettingsProblem(variable: file, message: "cannot be read: \(error.reason)"))
            }
        }
        variables.merge(environment) { _, environment in environment }
        if let directory = environment["CREDENTIALS_DIRECTORY"], !directory.isEmpty {
            let credentials = CredentialsDirectory.read(path: directory)
            variables.override(with: credentials.variables)
            problems += credentials.problems
        }
        return SettingsSource(variables: variables, problems: problems)
    }

    /// Room for some 10,000 accounts.
    private static let envFileLimit = 4 << 20
}

extension [String: String] {
    /// Takes credentials over whatever is there, under the name that is there if it differs in case alone.
    fileprivate mutating func override(with credentials: [String: String]) {
        let present = [String: [String]](grouping: self.keys) { $0.uppercased() }
        for (name, value) in credentials {
            for name in present[name] ?? [name] { self[name] = value }
        }
    }
}
