/// Notices that an overload of Graph is not about single calls any more: so many calls in a row were told of it.
struct OverloadSpread: Sendable {
    /// How many calls: a job that is tried again and again is but one.
    static let callCount = 3

    private var calls: [SendTicket] = []

    /// A call was told of an overload.
    ///
    /// - Returns: whether it counts as one of all calls of the kind.
    mutating func told(_ ticket: SendTicket) -> Bool {
        if self.calls.count < Self.callCount, !self.calls.contains(ticket) { self.calls.append(ticket) }
        return self.calls.count == Self.callCount
    }

    /// A call was told something else.
    mutating func ended() {
        if !self.calls.isEmpty { self.calls.removeAll(keepingCapacity: true) }
    }
}
