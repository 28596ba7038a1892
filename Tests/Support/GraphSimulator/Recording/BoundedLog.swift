/// The last entries there were, within a number of entries and of bytes.
struct BoundedLog<Entry: Sendable>: Sendable {
    private var storage: [Entry] = []
    private var first = 0
    private var bytes = 0
    private let entryLimit: Int
    private let byteLimit: Int
    private let size: @Sendable (Entry) -> Int

    /// - Parameter size: how many bytes an entry holds.
    init(entries entryLimit: Int, bytes byteLimit: Int, size: @escaping @Sendable (Entry) -> Int) {
        self.entryLimit = entryLimit
        self.byteLimit = byteLimit
        self.size = size
    }

    /// The oldest first.
    var entries: ArraySlice<Entry> { self.storage[self.first...] }

    mutating func append(_ entry: Entry) {
        self.storage.append(entry)
        self.bytes += self.size(entry)
        while self.storage.count - self.first > self.entryLimit
            || self.bytes > self.byteLimit && self.storage.count - self.first > 1
        {
            self.bytes -= self.size(self.storage[self.first])
            self.first += 1
        }
        if self.first > 1_024, self.first > self.storage.count / 2 {
            self.storage.removeFirst(self.first)
            self.first = 0
        }
    }

    mutating func removeAll() {
        self.storage = []
        self.first = 0
        self.bytes = 0
    }
}
