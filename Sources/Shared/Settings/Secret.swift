/// A token, secret or password: it can be used, and never printed.
package struct Secret: Hashable, Sendable {
    /// The text itself, for the one place that sends or compares it.
    package let revealed: String

    package init(_ revealed: String) {
        self.revealed = revealed
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
