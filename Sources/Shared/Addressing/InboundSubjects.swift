/// The subjects of one account's inbound events, with their fixed parts built once.
///
/// What Meta names, a message's `type` or a change's `field`, first becomes an `InboundToken`.
package struct InboundSubjects: Hashable, Sendable {
    /// `whatsapp.<name>.in.webhook`: whole bodies.
    package let webhook: String
    /// `whatsapp.<name>.in.message`: messages of every type.
    package let message: String
    /// `whatsapp.<name>.in.status`: statuses of sent messages.
    package let status: String
    /// `whatsapp.<name>.in.error`: errors beside messages and statuses.
    package let error: String

    private let messageOfType: String
    private let field: String

    package init(of account: AccountName) {
        let stem = "whatsapp.\(account.value).in."
        self.webhook = stem + "webhook"
        self.message = stem + "message"
        self.status = stem + "status"
        self.error = stem + "error"
        self.messageOfType = stem + "message."
        self.field = stem
    }

    /// `whatsapp.<name>.in.message.<type>`.
    package func message(ofType type: InboundToken) -> String { self.messageOfType + type.value }

    /// `whatsapp.<name>.in.<field>`: a change of another field than `messages`.
    package func change(ofField field: InboundToken) -> String { self.field + field.value }
}

/// The subjects of changes that no account owns.
package enum EventSubject {
    /// `whatsapp.event.unrouted`: changes for a phone number ID that no account has.
    package static let unrouted = "whatsapp.event.unrouted"

    /// `whatsapp.event.<field>`: a change of another field than `messages`, without a phone number ID.
    package static func change(ofField field: InboundToken) -> String { "whatsapp.event." + field.value }
}
