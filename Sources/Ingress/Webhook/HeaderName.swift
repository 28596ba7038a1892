/// The headers that say whose an inbound event is, for those who do not want to look into its payload.
enum HeaderName {
    static let phoneNumberID = "Wa-Phone-Number-Id"
    static let businessAccountID = "Wa-Business-Account-Id"
    static let messageID = "Wa-Message-Id"
    static let from = "Wa-From"
    static let contactName = "Wa-Contact-Name"
}
