/// A queue whose smallest priority comes first, and from which any element can be taken: every operation is O(log n).
///
/// Elements of equal priority come out in an order that depends on the calls alone.
struct PriorityHeap<Element: Hashable & Sendable, Priority: Comparable & Sendable>: Sendable {
    private var nodes: [(element: Element, priority: Priority)] = []
    private var positions: [Element: Int] = [:]

    var count: Int { self.nodes.count }
    var isEmpty: Bool { self.nodes.isEmpty }
    /// The element that comes next.
    var first: (element: Element, priority: Priority)? { self.nodes.first }

    func contains(_ element: Element) -> Bool {
        self.positions[element] != nil
    }

    /// Puts an element in, or gives the one that is in a new priority.
    mutating func set(_ element: Element, _ priority: Priority) {
        if let position = self.positions[element] {
            self.nodes[position].priority = priority
            self.settle(position)
        } else {
            self.nodes.append((element, priority))
            self.positions[element] = self.nodes.count - 1
            self.rise(self.nodes.count - 1)
        }
    }

    /// Takes an element out, wherever it stands; does nothing where it is not in.
    mutating func remove(_ element: Element) {
        guard let position = self.positions.removeValue(forKey: element) else { return }
        let last = self.nodes.removeLast()
        guard position < self.nodes.count else { return }
        self.place(last, at: position)
        self.settle(position)
    }

    /// Takes out the element that comes next.
    mutating func popFirst() -> Element? {
        guard let element = self.nodes.first?.element else { return nil }
        self.remove(element)
        return element
    }

    private mutating func settle(_ position: Int) {
        self.rise(self.sink(position))
    }

    private mutating func rise(_ start: Int) {
        var position = start
        let node = self.nodes[position]
        while position > 0 {
            let parent = (position - 1) / 2
            guard node.priority < self.nodes[parent].priority else { break }
            self.place(self.nodes[parent], at: position)
            position = parent
        }
        if position != start { self.place(node, at: position) }
    }

    /// - Returns: where the node has come to stand.
    private mutating func sink(_ start: Int) -> Int {
        var position = start
        let node = self.nodes[position]
        while true {
            var child = 2 * position + 1
            guard child < self.nodes.count else { break }
            if child + 1 < self.nodes.count, self.nodes[child + 1].priority < self.nodes[child].priority { child += 1 }
            guard self.nodes[child].priority < node.priority else { break }
            self.place(self.nodes[child], at: position)
            position = child
        }
        if position != start { self.place(node, at: position) }
        return position
    }

    private mutating func place(_ node: (element: Element, priority: Priority), at position: Int) {
        self.nodes[position] = node
        self.positions[node.element] = position
    }
}
