/// How much more may come of what a consumer has.
package struct PullRoom: Hashable, Sendable {
    package let messages: Int
    /// Their subjects, headers and payloads together.
    package let bytes: Int
    /// Whether it is so little, and grows so soon, that asking for it can wait a moment.
    package let isScant: Bool

    package static let none = PullRoom(messages: 0)

    package init(messages: Int, bytes: Int = .max, isScant: Bool = false) {
        self.messages = messages
        self.bytes = bytes
        self.isScant = isScant
    }
}
