/// Calls in order of their age, from which any can be taken: every operation is O(log n).
///
/// Nearly always there is one alone, and that one needs no heap.
struct TicketLine: Sendable {
    /// The oldest.
    private(set) var first: SendTicket?
    private var rest = PriorityHeap<SendTicket, SendTicket>()

    var isEmpty: Bool { self.first == nil }

    mutating func insert(_ ticket: SendTicket) {
        guard let first = self.first, first != ticket else {
            self.first = ticket
            return
        }
        self.rest.set(max(first, ticket), max(first, ticket))
        self.first = min(first, ticket)
    }

    /// Does nothing where it is not in.
    mutating func remove(_ ticket: SendTicket) {
        if self.first == ticket {
            self.first = self.rest.popFirst()
        } else {
            self.rest.remove(ticket)
        }
    }
}
