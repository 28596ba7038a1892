import GraphSimulator
import NATSClient

extension Gateway {
    /// Asks an egress for an action and waits for its reply.
    ///
    /// - Throws: `NATSError` with code `noResponders` when no egress serves the account.
    func request(
        _ action: String, _ payload: String, of account: GatewayAccount = .myAccount,
        within limit: Duration = .seconds(10)
    ) async throws -> NATSMessage {
        try await self.nats.request(
            OutgoingMessage(subject: "whatsapp.\(account.name).out.\(action)", payload: Array(payload.utf8)),
            timeout: limit)
    }

    /// Has Graph know an account by another access token from now on: the one it is used with is expired.
    func expireToken(of account: GatewayAccount) {
        self.graph.setAccount(
            SimulatedAccount(phoneNumberID: account.phoneNumberID, accessToken: "EAAG-renewed", name: account.name))
    }
}
