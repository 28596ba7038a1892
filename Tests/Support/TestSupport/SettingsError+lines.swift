package import Settings

extension SettingsError {
    /// What the reading of settings complains of, a line each; empty where it complains of nothing.
    package static func lines<Value>(of read: () throws(SettingsError) -> Value) -> [String] {
        do throws(SettingsError) {
            _ = try read()
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }
}
