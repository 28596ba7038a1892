import NATSClient

/// Which callback values are looked for in status webhooks, and which have been met: a value.
struct CallbackSearch: Sendable {
    /// Whoever waits for one of some callback values.
    struct Waiter: Hashable, Sendable {
        let number: Int
    }

    /// What an answer to `add` says.
    enum Answer: Hashable, Sendable {
        /// One of them has been met.
        case met
        case waits(Waiter)
    }

    /// Which statuses have been, or are being, looked at.
    enum Coverage: Hashable, Sendable {
        case none
        /// All that were stored from this time on.
        case from(StreamTime)
        /// All that come, as they come; what has been missed cannot be had.
        case live
    }

    /// How many met values are remembered at least; then the older half is forgotten.
    private static let generation = 100_000

    private var waiting: [OwnCallback: Set<Waiter>] = [:]
    private var waiters: [Waiter: (callbacks: [OwnCallback], since: StreamTime)] = [:]
    private var numbers = 0
    private var met: [Set<OwnCallback>] = [[], []]
    private var coverage = Coverage.none

    var isIdle: Bool { self.waiters.isEmpty }

    /// From when on statuses have to be read anew, because somebody waits for one that may be older than what is read;
    /// `nil` where what is read will do.
    var neededFrom: StreamTime? {
        guard let earliest = self.waiters.values.map(\.since).min() else { return nil }
        switch self.coverage {
        case .live: return nil
        case .from(let start): return start <= earliest ? nil : earliest
        case .none: return earliest
        }
    }

    /// Looks for any of some values, in statuses from `since` on.
    mutating func add(_ callbacks: [OwnCallback], since: StreamTime) -> Answer {
        if callbacks.contains(where: self.hasMet) { return .met }
        self.numbers += 1
        let waiter = Waiter(number: self.numbers)
        self.waiters[waiter] = (callbacks, since)
        for callback in callbacks { self.waiting[callback, default: []].insert(waiter) }
        return .waits(waiter)
    }

    /// A status had this value.
    ///
    /// - Returns: who waited for it, and does no more.
    mutating func meet(_ callback: OwnCallback) -> [Waiter] {
        self.met[0].insert(callback)
        if self.met[0].count > Self.generation {
            self.met = [[], self.met[0]]
            // What is forgotten now has to be read again by whoever looks for it.
            if self.coverage != .live { self.coverage = .none }
        }
        let waiters = self.waiting[callback] ?? []
        for waiter in waiters { self.remove(waiter) }
        return waiters.sorted { $0.number < $1.number }
    }

    mutating func remove(_ waiter: Waiter) {
        guard let (callbacks, _) = self.waiters.removeValue(forKey: waiter) else { return }
        for callback in callbacks {
            self.waiting[callback]?.remove(waiter)
            if self.waiting[callback]?.isEmpty == true { self.waiting[callback] = nil }
        }
    }

    /// Statuses are looked at from now on as the coverage says; with `none`, what was met is forgotten.
    mutating func reads(_ coverage: Coverage) {
        self.coverage = coverage
        if coverage == .none { self.met = [[], []] }
    }

    private func hasMet(_ callback: OwnCallback) -> Bool {
        self.met[0].contains(callback) || self.met[1].contains(callback)
    }
}
