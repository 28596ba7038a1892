import Daemon
import Glibc

/// The directory in which the gateway's executables lie together.
struct ExecutableDirectory {
    let path: String

    /// The directory of this process' own executable, whatever the way by which it was found.
    ///
    /// - Throws: `ProcessFailure` (70) where the kernel does not tell, as without /proc.
    static func own() throws(ProcessFailure) -> ExecutableDirectory {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, length)), as: UTF8.self)
        guard let slash = path.lastIndex(of: "/") else {
            throw ProcessFailure(.software, "/proc/self/exe cannot be read: \(errnoText())")
        }
        return ExecutableDirectory(path: String(path[..<slash]))
    }

    /// The path of the executable with this name.
    func path(of name: String) -> String { "\(self.path)/\(name)" }
}
