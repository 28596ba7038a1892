package import Settings

/// An account: a business phone number that the gateway serves under a name of its own.
package struct Account: Hashable, Sendable {
    package let name: AccountName
    package let phoneNumberID: PhoneNumberID
    /// The Graph API access token; nil in a process that keeps none.
    package let accessToken: Secret?

    package init(name: AccountName, phoneNumberID: PhoneNumberID, accessToken: Secret?) {
        self.name = name
        self.phoneNumberID = phoneNumberID
        self.accessToken = accessToken
    }
}
