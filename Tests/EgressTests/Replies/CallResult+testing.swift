import Settings

@testable import Egress

extension CallResult {
    /// What comes of sending a message, with a token that is nowhere in the answer.
    init(_ outcome: GraphOutcome) {
        self.init(outcome, of: .sendMessage, token: Secret("EAAGtoken-of-the-tests"))
    }
}
