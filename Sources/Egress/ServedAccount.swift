import Addressing
import Settings

/// An account that this egress sends for.
struct ServedAccount: Hashable, Sendable {
    let name: AccountName
    let phoneNumberID: PhoneNumberID
    let accessToken: Secret
    /// Sends a second, before Meta says otherwise.
    let ratePerSecond: Int
}
