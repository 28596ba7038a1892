/// A message that the simulator has accepted, as Meta would: it counts as sent, whether the caller got to know or not.
package struct AcceptedMessage: Hashable, Sendable {
    /// The number of the request that brought it.
    package let request: Int
    /// The `wamid.…` it got.
    package let id: String
    package let account: SimulatedAccount
    package let to: String?
    package let recipient: String?
    package let type: String
    /// The text of a text message.
    package let text: String?
    package let callbackData: String?
    /// The request's body, byte for byte.
    package let body: [UInt8]
    /// Whether the caller got the whole answer.
    package let answered: Bool
    /// The recipient's number in digits, or a group's ID; nil where only a business-scoped user ID was given.
    let whatsAppID: String?
    let isForGroup: Bool
}

extension AcceptedMessage {
    /// What Meta answers to the call that brought it.
    var answer: GraphAnswer {
        let contact: MetaJSON =
            if let to {
                #"{"input":\#(to),"wa_id":\#(self.whatsAppID ?? to)}"#
            } else {
                #"{"input":\#(self.recipient ?? ""),"user_id":\#(self.recipient ?? "")}"#
            }
        let status: MetaJSON = self.type == "template" ? #","message_status":"accepted""# : ""
        return GraphAnswer(
            #"""
            {"messaging_product":"whatsapp","contacts":[\#(contact)],"messages":[{"id":\#(self.id)\#(status)}]}
            """#)
    }
}
