import TestSupport

@testable import Egress

/// A clock that stands still until a test moves it.
final class VirtualClock: Sendable {
    private struct State {
        var now: ContinuousClock.Instant
        var sleepers: [Int: Sleeper] = [:]
        var lastID = 0
        var cancelled: Set<Int> = []
    }

    private struct Sleeper: Sendable {
        let until: ContinuousClock.Instant
        let continuation: CheckedContinuation<Void, Never>
    }

    let start: ContinuousClock.Instant
    private let state: Watched<State>

    init() {
        self.start = .now
        self.state = Watched(State(now: self.start))
    }

    /// For whom goes by it.
    var clock: SendClock {
        SendClock(now: { self.state.read { $0.now } }, sleep: { await self.sleep(until: $0) })
    }

    /// Moves to an instant, in seconds after the start, and wakes those who slept until then.
    func move(to seconds: Double) {
        self.move(to: self.start + .seconds(seconds))
    }

    private func move(to instant: ContinuousClock.Instant) {
        let woken = self.state.update { state in
            state.now = max(state.now, instant)
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return Array(due.values)
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// Waits until somebody sleeps, moves to the first instant that anybody sleeps until, and returns it in seconds.
    @discardableResult
    func moveToNextWake() async throws -> Double {
        let instant = try await self.state.first(what: "somebody asleep") { state in
            state.sleepers.values.map(\.until).min()
        }
        self.move(to: instant)
        return (instant - self.start) / .seconds(1)
    }

    /// Moves to the first instant that anybody sleeps until, if it comes before that many seconds after the start.
    func moveToNextWake(before seconds: Double) {
        let limit = self.start + .seconds(seconds)
        let first = self.state.read { $0.sleepers.values.map(\.until).min() }
        if let first, first < limit { self.move(to: first) }
    }

    /// Waits until somebody sleeps until exactly that many seconds after the start.
    func waitForSleeper(until seconds: Double) async throws {
        let instant = self.start + .seconds(seconds)
        _ = try await self.state.first(what: "somebody asleep until \(seconds) s") { state in
            state.sleepers.values.contains { $0.until == instant } ? true : nil
        }
    }

    /// Until when those who sleep now do, in seconds after the start, the earliest first.
    var sleepers: [Double] {
        self.state.read { state in state.sleepers.values.map { ($0.until - self.start) / .seconds(1) } }.sorted()
    }

    private func sleep(until instant: ContinuousClock.Instant) async {
        let id = self.state.update { state in
            state.lastID += 1
            return state.lastID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = self.state.update { state in
                    guard state.now < instant, !state.cancelled.contains(id) else { return true }
                    state.sleepers[id] = Sleeper(until: instant, continuation: continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let sleeper = self.state.update { state in
                state.cancelled.insert(id)
                return state.sleepers.removeValue(forKey: id)
            }
            sleeper?.continuation.resume()
        }
    }
}
