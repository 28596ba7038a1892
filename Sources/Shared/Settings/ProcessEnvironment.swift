// `environ` is a global variable of C; the environment is read here and set nowhere in this house.
@preconcurrency import Glibc

/// The environment this process was started with; of a name that stands twice the first, as `getenv` has it.
package func processEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
        let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, variables[String(parts[0])] == nil {
            variables[String(parts[0])] = String(parts[1])
        }
        entry += 1
    }
    return variables
}
