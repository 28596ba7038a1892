import JSONBytes

/// What the bucket holds of one account's lease, such as `{"worker":"box1.0123456789abcdef","state":"held","beat":12}`.
struct LeaseRecord: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// The first record of who takes it; others hear of it even where the store refuses.
        case claimed
        /// A refresh: its writer had the lease, a second ago at most.
        case held
        /// Its holder is done; `next` may take it at once, all others a moment later; everybody at once without a name.
        case released(next: WorkerID?)
        /// As `released`, by a holder that goes on contending: there is one that the account prefers.
        case handedOver(to: WorkerID)
    }

    /// The largest record that is read, in bytes.
    static let maximumSize = 2048

    /// Who wrote it.
    let worker: WorkerID
    let state: State
    /// Counts its writer's records from the claim on, so that a refresh found later can be told from its neighbours.
    let beat: Int

    init(worker: WorkerID, state: State, beat: Int) {
        self.worker = worker
        self.state = state
        self.beat = beat
    }

    /// Reads a record; `nil` for what no worker of this version has written.
    init?(parsing bytes: [UInt8]) {
        guard bytes.count <= Self.maximumSize, let root = try? JSONDocument(validating: bytes).root else { return nil }
        guard let worker = root["worker"]?.string.flatMap(WorkerID.init(parsing:)) else { return nil }
        guard let beat = root["beat"]?.int else { return nil }
        let next = root["next"]?.string.flatMap(WorkerID.init(parsing:))
        switch (root["state"]?.string, next) {
        case ("claimed", _): self.state = .claimed
        case ("held", _): self.state = .held
        case ("released", _): self.state = .released(next: next)
        case ("handed over", let next?): self.state = .handedOver(to: next)
        default: return nil
        }
        self.worker = worker
        self.beat = beat
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("worker", string: self.worker.description)
            object.member("state", string: self.state.word)
            object.member("beat", int: self.beat)
            if let next = self.state.next { object.member("next", string: next.description) }
        }
        return writer.bytes
    }

    /// Whether its writer has given the lease up.
    var isRelease: Bool {
        switch self.state {
        case .claimed, .held: false
        case .released, .handedOver: true
        }
    }
}

extension LeaseRecord.State {
    /// Who may take the lease first.
    var next: WorkerID? {
        switch self {
        case .claimed, .held: nil
        case .released(let next): next
        case .handedOver(let next): next
        }
    }

    fileprivate var word: String {
        switch self {
        case .claimed: "claimed"
        case .held: "held"
        case .released: "released"
        case .handedOver: "handed over"
        }
    }
}
