/// What could start now in one lane, if the number's rate allows it.
///
/// Recipients take turns: each has one place, however much waits for it. Sends without a recipient and calls that
/// are no sends stand in lines of their own, and the three lines take turns too, so that none starves another.
struct ReadyLine: Sendable {
    enum Turn: Sendable {
        /// The first call of this recipient pair.
        case pair(String)
        case call(SendTicket)
    }

    private var pairs = PriorityHeap<String, UInt64>()
    private var sends = PriorityHeap<SendTicket, SendTicket>()
    private var others = PriorityHeap<SendTicket, SendTicket>()
    private var places: UInt64 = 0
    private var lastLine = 2

    var hasSends: Bool { !self.pairs.isEmpty || !self.sends.isEmpty }
    var hasOthers: Bool { !self.others.isEmpty }

    /// Gives a pair the last place, unless it has one.
    mutating func insert(pair: String) {
        guard !self.pairs.contains(pair) else { return }
        self.places += 1
        self.pairs.set(pair, self.places)
    }

    mutating func remove(pair: String) {
        self.pairs.remove(pair)
    }

    /// Puts in a call without a pair, at the place its age gives it.
    mutating func insert(_ ticket: SendTicket, isSend: Bool) {
        if isSend { self.sends.set(ticket, ticket) } else { self.others.set(ticket, ticket) }
    }

    mutating func remove(_ ticket: SendTicket) {
        self.sends.remove(ticket)
        self.others.remove(ticket)
    }

    /// Takes out what goes next, of the kinds that may start.
    mutating func next(sends maySend: Bool, others mayCall: Bool) -> Turn? {
        for step in 1...3 {
            let line = (self.lastLine + step) % 3
            let turn: Turn? =
                switch line {
                case 0: maySend ? self.pairs.popFirst().map(Turn.pair) : nil
                case 1: maySend ? self.sends.popFirst().map(Turn.call) : nil
                default: mayCall ? self.others.popFirst().map(Turn.call) : nil
                }
            guard let turn else { continue }
            self.lastLine = line
            return turn
        }
        return nil
    }
}
