/// Writes webhooks as Meta posts them.
enum WebhookBody {
    /// A status of a sent message.
    ///
    /// - Parameter timestamp: seconds since 1970.
    static func status(_ status: StatusPlan.Status, of message: AcceptedMessage, timestamp: Int) -> MetaJSON {
        let name =
            switch status {
            case .sent: "sent"
            case .delivered: "delivered"
            case .read: "read"
            case .failed: "failed"
            }
        var members: [MetaJSON] = [
            #""id":\#(message.id)"#, #""status":\#(name)"#, #""timestamp":\#(String(timestamp))"#,
        ]
        if let recipient = message.whatsAppID { members.append(#""recipient_id":\#(recipient)"#) }
        if message.isForGroup { members.append(#""recipient_type":"group""#) }
        if let recipient = message.recipient { members.append(#""recipient_user_id":\#(recipient)"#) }
        if let data = message.callbackData { members.append(#""biz_opaque_callback_data":\#(data)"#) }
        switch status {
        case .sent, .delivered:
            let category = message.type == "template" ? "utility" : "service"
            members.append(
                #"""
                "pricing":{"billable":\#(message.type == "template"),"pricing_model":"PMP",\#
                "type":\#(message.type == "template" ? "regular" : "free_customer_service"),"category":\#(category)}
                """#)
        case .read: break
        case .failed(let code):
            let refusal = GraphRefusal.standard(code)
            let title = refusal.message.hasPrefix("(#") ? String(refusal.message.drop { $0 != " " }.dropFirst()) : ""
            members.append(
                #"""
                "errors":[{"code":\#(code),"title":\#(title),"message":\#(title),\#
                "error_data":{"details":\#(refusal.details ?? title)},\#
                "href":"https:\/\/developers.facebook.com\/docs\/whatsapp\/cloud-api\/support\/error-codes\/"}]
                """#)
        }
        return self.envelope(message.account, #""statuses":[\#(MetaJSON.object(members))]"#)
    }

    /// A text message from a user.
    ///
    /// - Parameters:
    ///   - from: digits.
    ///   - timestamp: seconds since 1970.
    static func text(
        _ text: String, from: String, name: String, to account: SimulatedAccount, id: String, timestamp: Int
    ) -> MetaJSON {
        self.envelope(
            account,
            #"""
            "contacts":[{"profile":{"name":\#(name)},"wa_id":\#(from)}],"messages":[{"from":\#(from),"id":\#(id),\#
            "timestamp":\#(String(timestamp)),"type":"text","text":{"body":\#(text)}}]
            """#)
    }

    private static func envelope(_ account: SimulatedAccount, _ content: MetaJSON) -> MetaJSON {
        #"""
        {"object":"whatsapp_business_account","entry":[{"id":\#(account.businessAccountID),"changes":[{"value":{\#
        "messaging_product":"whatsapp","metadata":{"display_phone_number":\#(account.displayPhoneNumber),\#
        "phone_number_id":\#(account.phoneNumberID)},\#(content)},"field":"messages"}]}]}
        """#
    }
}
