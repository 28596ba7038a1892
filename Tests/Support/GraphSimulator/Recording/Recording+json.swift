/// The records as the control endpoint writes them; access tokens are left out.
extension RecordedRequest {
    var json: MetaJSON {
        let headers = self.headers.map { name, value -> MetaJSON in
            let isSecret = name.lowercased() == "authorization"
            return "[\(name),\(isSecret ? "<redacted>" : value)]"
        }
        let outcome: MetaJSON =
            switch self.outcome {
            case .accepted(let messageID): #"{"accepted":\#(messageID)}"#
            case .answered(let status): #"{"answered":\#(status)}"#
            case .refused(let code): #"{"refused":\#(code)}"#
            case .scripted(let status): #"{"scripted":\#(status)}"#
            case .disturbed: #"{"disturbed":true}"#
            }
        return #"""
            {"number":\#(self.number),"connection":\#(self.connection),"arrival_ms":\#(self.arrival.milliseconds),\#
            "method":\#(self.method),"target":\#(self.target),"headers":\#(MetaJSON.list(headers)),\#
            "body":\#(self.text),"outcome":\#(outcome),"disturbance":\#(self.disturbance.name)}
            """#
    }
}

extension AcceptedMessage {
    var json: MetaJSON {
        var members: [MetaJSON] = [
            #""request":\#(self.request)"#, #""id":\#(self.id)"#,
            #""phone_number_id":\#(self.account.phoneNumberID)"#, #""type":\#(self.type)"#,
            #""answered":\#(self.answered)"#,
        ]
        if let to { members.append(#""to":\#(to)"#) }
        if let recipient { members.append(#""recipient":\#(recipient)"#) }
        if let callbackData { members.append(#""biz_opaque_callback_data":\#(callbackData)"#) }
        members.append(#""body":\#(String(decoding: self.body, as: UTF8.self))"#)
        return MetaJSON.object(members)
    }
}
