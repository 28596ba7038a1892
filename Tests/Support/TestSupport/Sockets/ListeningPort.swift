import Glibc

/// A port of 127.0.0.1 that is taken: connections wait, and nobody accepts them unless the socket is passed on.
package final class ListeningPort: Sendable {
    package let descriptor: Int32
    package let number: Int

    /// - Throws: `SystemCallFailure`.
    package init() throws {
        let (descriptor, number) = try FreePort.bound()
        self.descriptor = descriptor
        self.number = number
        guard listen(descriptor, 128) == 0 else { throw SystemCallFailure("listen") }
    }

    deinit {
        close(self.descriptor)
    }
}
