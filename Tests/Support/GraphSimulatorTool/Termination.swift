import Dispatch
import Glibc
import TestSupport

/// Catches SIGTERM and SIGINT from its making on.
final class Termination {
    private let hasCome = Watched(false)
    private let sources: [any DispatchSourceSignal]

    init() {
        let hasCome = self.hasCome
        self.sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { hasCome.update { $0 = true } }
            source.resume()
            return source
        }
    }

    /// Returns when one of them has come.
    func wait() async {
        _ = try? await self.hasCome.first(within: .seconds(Int64.max / 4), what: "a signal") { $0 ? true : nil }
    }
}
