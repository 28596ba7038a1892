/// A phone number that the simulator serves, and the access token that may use it.
package struct SimulatedAccount: Hashable, Sendable {
    package var phoneNumberID: String
    package var accessToken: String
    /// What it is called in the simulator's own output.
    package var name: String
    /// Digits, as `metadata.display_phone_number` has them.
    package var displayPhoneNumber: String
    /// The WhatsApp Business account it belongs to, `entry[].id` of its webhooks.
    package var businessAccountID: String

    package init(
        phoneNumberID: String, accessToken: String, name: String? = nil, displayPhoneNumber: String = "12025550100",
        businessAccountID: String = "200000000000001"
    ) {
        self.phoneNumberID = phoneNumberID
        self.accessToken = accessToken
        self.name = name ?? phoneNumberID
        self.displayPhoneNumber = displayPhoneNumber
        self.businessAccountID = businessAccountID
    }
}

/// The accounts of a simulator, and who may use which.
struct SimulatedAccounts: Sendable {
    private(set) var byPhoneNumberID: [String: SimulatedAccount] = [:]
    private var phoneNumberIDsByToken: [String: Set<String>] = [:]

    init(_ accounts: [SimulatedAccount]) {
        for account in accounts { self.set(account) }
    }

    /// Adds an account or replaces the one with its phone number ID; the old token is worth nothing any more.
    mutating func set(_ account: SimulatedAccount) {
        if let old = self.byPhoneNumberID[account.phoneNumberID] {
            self.phoneNumberIDsByToken[old.accessToken]?.remove(old.phoneNumberID)
            if self.phoneNumberIDsByToken[old.accessToken]?.isEmpty == true {
                self.phoneNumberIDsByToken[old.accessToken] = nil
            }
        }
        self.byPhoneNumberID[account.phoneNumberID] = account
        self.phoneNumberIDsByToken[account.accessToken, default: []].insert(account.phoneNumberID)
    }

    /// Lets a further token use an account, beside its own; `set` with it ends its own alone.
    mutating func permit(token: String, for phoneNumberID: String) {
        self.phoneNumberIDsByToken[token, default: []].insert(phoneNumberID)
    }

    /// Makes a token worth nothing, whatever it could be used for.
    mutating func revoke(token: String) {
        self.phoneNumberIDsByToken[token] = nil
    }

    /// The phone number IDs a token may use; nil for a token nobody has.
    func phoneNumberIDs(token: String) -> Set<String>? {
        self.phoneNumberIDsByToken[token]
    }

    /// Whether some account belongs to this WhatsApp Business account.
    func hasBusinessAccount(_ id: String) -> Bool {
        self.byPhoneNumberID.values.contains { $0.businessAccountID == id }
    }
}
