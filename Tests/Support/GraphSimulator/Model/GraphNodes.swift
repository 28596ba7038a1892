/// Answers what is asked of Graph besides `…/messages`.
enum GraphNodes {
    /// - Parameters:
    ///   - account: the account whose phone number ID is the first segment; nil where that is something else.
    static func answer(
        method: String, path: GraphPath, account: SimulatedAccount?, accounts: SimulatedAccounts
    ) throws(GraphRefusal) -> GraphAnswer {
        guard let object = path.segments.first else { throw .unknownPath("/") }
        let isKnown = account != nil || accounts.hasBusinessAccount(object)
        switch (method, path.segments.count) {
        case ("GET", 1):
            guard let account else { throw .unknownObject(object, method: method) }
            return try self.phoneNumber(account, fields: path.query["fields"])
        case ("GET", _):
            guard isKnown else { throw .unknownObject(object, method: method) }
            return GraphAnswer(#"{"data":[]}"#)
        case ("POST", _):
            guard isKnown else { throw .unknownObject(object, method: method) }
            return .success
        case ("DELETE", 1):
            // A phone number cannot be deleted like this; what else there is, such as media, is not kept here.
            guard account == nil, object.allSatisfy(\.isNumber) else { throw .unknownObject(object, method: method) }
            return .success
        case ("DELETE", _):
            guard isKnown else { throw .unknownObject(object, method: method) }
            return .success
        default:
            throw .parameter("Unsupported method \(method)")
        }
    }

    private static func phoneNumber(
        _ account: SimulatedAccount, fields: String?
    ) throws(GraphRefusal) -> GraphAnswer {
        let known: [(name: String, value: MetaJSON)] = [
            ("verified_name", "\(account.name)"),
            ("code_verification_status", #""VERIFIED""#),
            ("display_phone_number", "\(account.displayPhoneNumber)"),
            ("quality_rating", #""GREEN""#),
            ("platform_type", #""CLOUD_API""#),
            ("throughput", #"{"level":"STANDARD"}"#),
            ("id", "\(account.phoneNumberID)"),
        ]
        var wanted = known.map(\.name)
        if let fields, !fields.isEmpty {
            wanted = fields.split(separator: ",").map { String($0.filter { $0 != " " }) }
            if !wanted.contains("id") { wanted.append("id") }
        }
        var members: [MetaJSON] = []
        for name in wanted {
            guard let value = known.first(where: { $0.name == name })?.value else {
                throw .parameter(
                    "Tried accessing nonexisting field (\(name)) on node type (WhatsAppBusinessPhoneNumber)")
            }
            members.append(#"\#(name):\#(value)"#)
        }
        return GraphAnswer(MetaJSON.object(members))
    }
}
