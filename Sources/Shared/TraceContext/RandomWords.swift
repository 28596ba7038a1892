import Glibc
import Synchronization

/// Random numbers from the kernel, which is asked for many at once: a call for each trace would cost more than all else of
/// it.
final class RandomWords: Sendable {
    static let ofProcess = RandomWords()

    /// As many as the kernel gives at once.
    private static let count = 32

    private let words = Mutex<[UInt64]>([])

    /// Three numbers that nobody has had, none of them zero.
    func take() -> (UInt64, UInt64, UInt64) {
        self.words.withLock { words in
            if words.count < 3 { Self.refill(&words) }
            return (words.removeLast(), words.removeLast(), words.removeLast())
        }
    }

    private static func refill(_ words: inout [UInt64]) {
        words = [UInt64](repeating: 0, count: self.count)
        let isFilled = words.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) == 0 }
        for index in words.indices where !isFilled || words[index] == 0 {
            words[index] = .random(in: 1 ... .max)
        }
    }
}
