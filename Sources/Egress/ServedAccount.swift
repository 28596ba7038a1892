import Addressing
import Settings

/// An account that this egress sends for.
struct ServedAccount: Hashable, Sendable {
    let name: AccountName
    let phoneNumberID: PhoneNumberID
    let accessToken: Secret
    /// Sends a second, before Meta says otherwise.
    let ratePerSecond: Int

    /// Asks Graph for what it answers whenever the access token works, and does nothing: `GET <id>?fields=id`.
    var tokenQuestion: GraphCall {
        GraphCall(method: .get, path: "\(self.phoneNumberID.value)?fields=id", body: nil)
    }
}
