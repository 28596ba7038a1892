/// The last word of a process, in the numbers of `sysexits.h`.
package enum ExitStatus: Int32, Sendable, CaseIterable {
    /// A clean stop.
    case success = 0
    /// The command line is wrong.
    case usage = 64
    /// A listening address cannot be bound, or nobody answers: trying later may help.
    case unavailable = 69
    /// An error of the program's own.
    case software = 70
    /// The configuration is wrong: trying again cannot help before someone changes it.
    case configuration = 78
}

extension ExitStatus: CustomStringConvertible {
    package var description: String {
        switch self {
        case .success: "success"
        case .usage: "bad usage"
        case .unavailable: "unavailable"
        case .software: "internal error"
        case .configuration: "bad configuration"
        }
    }
}

/// A reason for a process to end at once with a status of its choice; everything else that is thrown is an internal
/// error.
package struct ProcessFailure: Error, CustomStringConvertible {
    package let status: ExitStatus
    /// One sentence for the log; no secret.
    package let message: String

    package init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    package var description: String { self.message }
}
