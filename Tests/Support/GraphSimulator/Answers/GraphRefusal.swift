/// An error of the Graph API, in Meta's words.
package struct GraphRefusal: Hashable, Sendable {
    package var code: Int
    package var status: Int
    var message: String
    var type = "OAuthException"
    var subcode: Int?
    var details: String?
    /// The `Retry-After` header, if one is sent.
    var retryAfter: String?

    init(
        _ code: Int, status: Int = 400, _ message: String, type: String = "OAuthException", subcode: Int? = nil,
        details: String? = nil
    ) {
        self.code = code
        self.status = status
        self.message = message
        self.type = type
        self.subcode = subcode
        self.details = details
    }

    /// The answer that carries it.
    ///
    /// - Parameter trace: the `fbtrace_id`.
    func answer(trace: String) -> GraphAnswer {
        var members: [MetaJSON] = [#""message":\#(self.message)"#, #""type":\#(self.type)"#, #""code":\#(self.code)"#]
        if let details {
            members.append(#""error_data":{"messaging_product":"whatsapp","details":\#(details)}"#)
        }
        if let subcode { members.append(#""error_subcode":\#(subcode)"#) }
        members.append(#""fbtrace_id":\#(trace)"#)
        var answer = GraphAnswer(status: self.status, #"{"error":\#(MetaJSON.object(members))}"#)
        if self.status == 401 {
            let challenge = #"OAuth "Facebook Platform" "invalid_token" "\#(self.message)""#
            answer.headers.append(GraphAnswer.Header("WWW-Authenticate", challenge))
        }
        if let retryAfter { answer.headers.append(GraphAnswer.Header("Retry-After", retryAfter)) }
        return answer
    }
}

extension GraphRefusal {
    static let invalidToken = GraphRefusal(
        190, status: 401, "Invalid OAuth access token - Cannot parse access token")

    static func unknownObject(_ id: String, method: String) -> GraphRefusal {
        GraphRefusal(
            100,
            "Unsupported \(method.lowercased()) request. Object with ID '\(id)' does not exist, cannot be loaded due to"
                + " missing permissions, or does not support this operation.",
            type: "GraphMethodException", subcode: 33)
    }

    static func unknownPath(_ path: String) -> GraphRefusal {
        GraphRefusal(2500, "Unknown path components: \(path)")
    }

    static func parameter(_ message: String, details: String? = nil) -> GraphRefusal {
        GraphRefusal(100, "(#100) \(message)", details: details)
    }

    static func missing(_ details: String) -> GraphRefusal {
        GraphRefusal(131008, "(#131008) Required parameter is missing", details: details)
    }

    static func invalid(_ details: String) -> GraphRefusal {
        GraphRefusal(131009, "(#131009) Parameter value is not valid", details: details)
    }

    /// Any code, with the words and the status that Meta documents for it where they are known.
    package static func standard(_ code: Int, status: Int? = nil) -> GraphRefusal {
        var refusal = self.known[code] ?? GraphRefusal(code, "(#\(code)) An error that the simulator was told to give")
        if let status { refusal.status = status }
        return refusal
    }

    private static let known: [Int: GraphRefusal] = Dictionary(
        uniqueKeysWithValues: [
            GraphRefusal(0, status: 401, "AuthException"),
            GraphRefusal(1, "(#1) An unknown error occurred"),
            GraphRefusal(2, status: 503, "(#2) Service temporarily unavailable"),
            GraphRefusal(4, "(#4) Application request limit reached"),
            GraphRefusal(10, status: 403, "(#10) Application does not have permission for this action"),
            .parameter("Invalid parameter"),
            .invalidToken,
            GraphRefusal(200, status: 403, "(#200) Permissions error"),
            GraphRefusal(368, status: 403, "(#368) Temporarily blocked for policies violations"),
            GraphRefusal(80007, "(#80007) There have been too many calls to this WhatsApp Business account."),
            GraphRefusal(
                130429, "(#130429) Rate limit hit", subcode: 2_494_055,
                details: "Cloud API message throughput has been reached."),
            GraphRefusal(
                131000, status: 500, "(#131000) Something went wrong",
                details: "Message failed to send due to an unknown error."),
            .missing("Required parameter is missing"),
            .invalid("Parameter value is not valid"),
            GraphRefusal(131016, status: 500, "(#131016) Service unavailable"),
            GraphRefusal(131026, "(#131026) Message undeliverable"),
            GraphRefusal(131030, "(#131030) Recipient phone number not in allowed list"),
            GraphRefusal(131031, status: 403, "(#131031) Account has been locked"),
            GraphRefusal(131042, "(#131042) Business eligibility payment issue"),
            GraphRefusal(131047, "(#131047) Re-engagement message"),
            GraphRefusal(131048, "(#131048) Spam rate limit hit"),
            GraphRefusal(
                131049, "(#131049) This message was not delivered to maintain healthy ecosystem engagement."),
            GraphRefusal(131051, "(#131051) Unsupported message type"),
            GraphRefusal(131053, "(#131053) Media upload error"),
            GraphRefusal(
                131056, "(#131056) (Business Account, Consumer Account) pair rate limit hit",
                details: "Message failed to send because there were too many messages sent from this phone number to"
                    + " the same phone number in a short period of time"),
            GraphRefusal(131057, status: 500, "(#131057) Account in maintenance mode"),
            GraphRefusal(132001, status: 404, "(#132001) Template name does not exist in the translation"),
            GraphRefusal(132015, "(#132015) Template is Paused"),
            GraphRefusal(133010, "(#133010) Account not registered"),
        ].map { ($0.code, $0) })
}
