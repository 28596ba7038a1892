import Glibc

/// What instances of a service say of the process they are.
package enum ServiceMetadata {
    /// `host` and `pid`, by which an instance is found in the supervisor's table and in the log.
    package static var ofProcess: [String: String] {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return ["pid": "\(getpid())"] }
        let host = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return ["host": String(decoding: host, as: UTF8.self), "pid": "\(getpid())"]
    }
}
