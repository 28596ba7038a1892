import Foundation
import TestSupport

/// A terminal for a process under test: what it shows is kept, and something can be typed.
final class PseudoTerminal: Sendable {
    /// The process' end.
    let descriptor: Int32
    private let controller: Int32
    private let shown = Watched<String>("")

    init() throws {
        var controller: Int32 = -1
        var descriptor: Int32 = -1
        guard openpty(&controller, &descriptor, nil, nil, nil) == 0 else { throw SystemCallFailure("openpty") }
        for end in [controller, descriptor] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        self.controller = controller
        self.descriptor = descriptor
        let shown = self.shown
        // A thread, because reading blocks; it ends with the last who has the process' end open.
        Thread.detachNewThread { [controller] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(controller, &buffer, buffer.count)
                guard count > 0 else { break }
                let text = String(decoding: buffer.prefix(count), as: UTF8.self)
                shown.update { $0 += text }
            }
            close(controller)
        }
    }

    deinit {
        close(self.descriptor)
    }

    /// All that was shown so far, what was typed included.
    var text: String { self.shown.current }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(self.controller, bytes, bytes.count)
    }

    /// Waits until a text has been shown.
    func wait(for text: String, within limit: Duration = .seconds(10)) async throws {
        let shown = self.shown
        _ = try await shown.first(within: limit, what: "\(text) on the terminal, which shows: \(shown.current)") {
            $0.contains(text) ? true : nil
        }
    }
}
