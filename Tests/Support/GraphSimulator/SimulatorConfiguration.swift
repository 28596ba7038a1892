package import TestSupport

/// How a simulator starts.
package struct SimulatorConfiguration: Sendable {
    package var host = "127.0.0.1"
    /// 0 lets the kernel choose.
    package var port = 0
    package var accounts: [SimulatedAccount]
    /// Where webhooks go; nil: none are posted.
    package var webhooks: WebhookTarget?
    /// Which statuses follow a message that was accepted.
    package var statuses = StatusPlan()
    /// What IDs, shares and ranges are drawn from.
    package var seed: Seed
    /// Told of every message accepted, on the simulator's own thread: it should be quick.
    package var onAccepted: (@Sendable (AcceptedMessage) -> Void)?

    /// Without a seed one is read from `TEST_SEED` or made at random, and printed.
    package init(accounts: [SimulatedAccount], webhooks: WebhookTarget? = nil, seed: Seed? = nil) {
        self.accounts = accounts
        self.webhooks = webhooks
        self.seed = seed ?? .forTest("the Graph simulator")
    }
}
