import Dispatch
import Glibc
import TestSupport

/// The end of a load: SIGINT or SIGTERM, or its time is over.
final class Ending: Sendable {
    private let hasCome = Watched(false)

    /// Catches the signals from now on, for the rest of the process' life.
    init() {
        let hasCome = self.hasCome
        for number in [SIGTERM, SIGINT] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // The handler holds its source, which is never cancelled.
            source.setEventHandler { withExtendedLifetime(source) { hasCome.update { $0 = true } } }
            source.resume()
        }
    }

    var isHere: Bool { self.hasCome.current }

    /// Brings the end about when it does not come within this time.
    func wait(atMost limit: Duration) async {
        _ = try? await self.hasCome.first(within: limit, what: "the end") { $0 ? true : nil }
        self.hasCome.update { $0 = true }
    }
}
