import Settings

/// Where a supervisor is to be asked, and who says so.
struct AdminPlace {
    enum Source: Hashable {
        /// The command line, or `SUPERVISOR_ADMIN`.
        case told
        /// The supervisor that runs has left it.
        case note
        case standard
    }

    let address: AdminAddress
    let source: Source
    /// Env files that could not be read.
    var unread: [String] = []

    /// Takes what was told on the command line, else what the environment or an env file says, else what a running
    /// supervisor has left, else the default.
    ///
    /// Env files hold secrets: that they may not be read is no reason to stop.
    ///
    /// - Throws: `SettingsError` where an address is no address.
    static func find(
        told: String?, envFiles: [String], environment: [String: String] = processEnvironment(),
        note: String = AdminNote.standardPath
    ) throws(SettingsError) -> AdminPlace {
        let name = Variables.supervisorAdmin.name
        if let told { return AdminPlace(address: try Self.parse(told, as: "--admin"), source: .told) }
        let settings = SettingsSource.load(environment: environment, envFiles: envFiles.isEmpty ? nil : envFiles)
        if let text = settings[name] { return AdminPlace(address: try Self.parse(text, as: name), source: .told) }
        let unread = settings.problems.filter { $0.message.hasPrefix("cannot be read") }.map(\.variable)
        if let text = AdminNote.read(at: note), let address = try? Self.parse(text, as: name) {
            return AdminPlace(address: address, source: .note, unread: unread)
        }
        return AdminPlace(address: try Self.parse("", as: name), source: .standard, unread: unread)
    }

    /// - Parameter text: empty for the default.
    private static func parse(_ text: String, as name: String) throws(SettingsError) -> AdminAddress {
        let variable = Variables.supervisorAdmin
        var reader = SettingsReader(SettingsSource(variables: [variable.name: text]))
        let address = reader.value(variable)
        do throws(SettingsError) {
            try reader.finish()
        } catch {
            var named = SettingsReader(SettingsSource(variables: [:]))
            for problem in error.problems { named.problem(name, problem.message) }
            try named.finish()
        }
        return address
    }
}
