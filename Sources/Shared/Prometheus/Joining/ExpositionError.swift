/// What is wrong with a text that is to be an exposition; it quotes nothing of it.
package struct ExpositionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    package let line: Int
    package let reason: String

    package var description: String { "line \(self.line): \(self.reason)" }
}
