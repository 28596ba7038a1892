/// Which worker of a supervisor is meant: counted from 1 in the order in which they were added, never used twice.
///
/// It outlives the worker's processes, and tells a worker from the one that takes its place under the same name.
struct WorkerID: Hashable, Comparable, Sendable {
    let number: Int

    static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
