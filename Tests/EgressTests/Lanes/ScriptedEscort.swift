import TestSupport

@testable import Egress

/// A lane's escort that grants every try, unless told otherwise, and keeps what it hears.
final class ScriptedEscort: SendEscort {
    /// What was heard, in order: `leave 1`, `unsent 1`, `doubted`, `doubted after unknown`.
    let heard = Watched<[String]>([])
    /// The tickets of doubts, in order.
    let doubts = Watched<[SendTicket]>([])
    private let isHolding = Watched(false)
    private let script: @Sendable (GraphCall, _ attempt: Int) -> WriteLeave

    init(
        _ script: @escaping @Sendable (GraphCall, _ attempt: Int) -> WriteLeave = { call, _ in
            .granted(call, writeBy: .now + .seconds(3600))
        }
    ) {
        self.script = script
    }

    /// Whether the escort takes its time over its answers now.
    func hold(_ isHolding: Bool) {
        self.isHolding.update { $0 = isHolding }
    }

    func leave(toWrite call: GraphCall, attempt: Int) async -> WriteLeave {
        self.heard.update { $0.append("leave \(attempt)") }
        await self.released()
        return self.script(call, attempt)
    }

    func unsent(attempts: Int) async {
        self.heard.update { $0.append("unsent \(attempts)") }
        await self.released()
    }

    func doubted(_ ticket: SendTicket, last: CallResult?) {
        self.heard.update { $0.append("doubted\(last.map { " after \($0.words)" } ?? "")") }
        self.doubts.update { $0.append(ticket) }
    }

    /// Waits until it was told so much.
    func hears(_ words: String, times: Int = 1) async throws {
        _ = try await self.heard.first(what: "'\(words)', \(times) times") { heard in
            heard.filter { $0 == words }.count >= times ? true : nil
        }
    }

    private func released() async {
        _ = try? await self.isHolding.first(what: "leave to go on") { $0 ? nil : true }
    }
}
