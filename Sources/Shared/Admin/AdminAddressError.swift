import Daemon
import Glibc
import NIOCore

/// The admin endpoint's address cannot be had.
struct AdminAddressError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// What a system call said.
    init(errno number: Int32) {
        self.init(number == EADDRINUSE ? "in use by another process" : errnoText(number))
    }

    init(cause: any Error) {
        switch cause {
        case let error as AdminAddressError: self = error
        // NIO's own words name functions of the library.
        case let error as IOError: self.init(errno: error.errnoCode)
        default: self.init("\(cause)")
        }
    }
}
