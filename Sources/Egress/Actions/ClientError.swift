/// A request that is not what its action needs: nothing was sent to Meta, and sending it again unchanged cannot help.
struct ClientError: Error, Hashable, Sendable {
    /// Names the member and what was expected of it; never quotes a value of the payload.
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
