import Settings

@testable import Egress

extension CallResult {
    /// A verdict on a message, whose token is nowhere in the answer.
    init(_ outcome: GraphOutcome) {
        self.init(outcome, of: .sendMessage, token: Secret("EAAGtoken-of-the-tests"))
    }
}
