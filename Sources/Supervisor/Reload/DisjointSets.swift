/// The numbers from 0 on in sets that can be joined.
struct DisjointSets {
    private var parents: [Int]

    /// Each number in a set of its own.
    init(count: Int) {
        self.parents = Array(0..<count)
    }

    /// The least number of the set, by which it is told from others.
    mutating func root(of number: Int) -> Int {
        var root = number
        while self.parents[root] != root { root = self.parents[root] }
        var step = number
        while self.parents[step] != root { (step, self.parents[step]) = (self.parents[step], root) }
        return root
    }

    mutating func join(_ one: Int, _ other: Int) {
        let (one, other) = (self.root(of: one), self.root(of: other))
        self.parents[max(one, other)] = min(one, other)
    }
}
