import Daemon
import NIOCore

/// An address cannot be listened on: another has it, it is not this host's, or it is none.
struct ListenerError: Error, CustomStringConvertible {
    let address: ListenerConfiguration.Address
    let reason: String

    init(address: ListenerConfiguration.Address, cause: any Error) {
        self.address = address
        // NIO's own words name functions of the library.
        self.reason = (cause as? IOError).map { errnoText($0.errnoCode) } ?? "\(cause)"
    }

    var description: String {
        switch self.address {
        case .hostAndPort(let host, let port): "cannot listen on \(host) port \(port): \(self.reason)"
        case .descriptor(let descriptor): "cannot listen on inherited descriptor \(descriptor): \(self.reason)"
        }
    }
}
