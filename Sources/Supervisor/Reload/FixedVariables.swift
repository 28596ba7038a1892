import Settings

/// The variables that only a restart changes: what they say at the start is used for listening once and for all.
enum FixedVariables {
    static let names = [
        Variables.host.name, Variables.port.name, Variables.supervisorComponents.name, Variables.supervisorAdmin.name,
        Variables.ingressAdmin.name, Variables.egressAdmin.name,
    ]

    /// The variables of which the two say different things.
    static func changed(from start: SettingsSource, to now: SettingsSource) -> [String] {
        Self.names.filter { start[$0] != now[$0] }
    }

    /// All variables as they are now, but these as they were at the start.
    static func kept(from start: SettingsSource, in now: SettingsSource) -> SettingsSource {
        var variables = now.variables
        for name in Self.names { variables[name] = start.variables[name] }
        return SettingsSource(variables: variables)
    }
}
