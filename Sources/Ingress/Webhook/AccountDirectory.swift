import Addressing

/// Which account has which phone number ID, with all that its events' names begin with.
struct AccountDirectory: Sendable {
    /// An account with the fixed parts of its subjects and message ids, built once.
    struct Listing: Sendable {
        let name: AccountName
        let phoneNumberID: PhoneNumberID
        let subjects: InboundSubjects
        let messageIDs: MessageIDStems
    }

    private let listings: [PhoneNumberID: Listing]

    /// - Parameter accounts: no two with one phone number ID.
    init(_ accounts: [Account]) {
        let listings = accounts.map { account in
            Listing(
                name: account.name, phoneNumberID: account.phoneNumberID, subjects: InboundSubjects(of: account.name),
                messageIDs: MessageIDStems(owner: account.name.value))
        }
        self.listings = Dictionary(listings.map { ($0.phoneNumberID, $0) }) { first, _ in first }
    }

    /// The account with this phone number ID; nil when no account has it.
    subscript(phoneNumberID: String) -> Listing? {
        PhoneNumberID(phoneNumberID).flatMap { self.listings[$0] }
    }
}

/// What the message ids of one owner begin with: an account's name, or `event`.
struct MessageIDStems: Sendable {
    let webhook: String
    let message: String
    let messageOfType: String
    let status: String
    let error: String
    let field: String

    /// The stems of what no account owns.
    static let event = MessageIDStems(owner: "event")

    init(owner: String) {
        self.webhook = owner + ":webhook:"
        self.message = owner + ":message:"
        self.messageOfType = owner + ":message."
        self.status = owner + ":status:"
        self.error = owner + ":error:"
        self.field = owner + ":field:"
    }
}
