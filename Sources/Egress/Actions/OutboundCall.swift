import Addressing

/// A request or job after its payload was checked: the Graph call it becomes, and what pacing has to know of it.
struct OutboundCall: Hashable, Sendable {
    let action: Action
    var call: GraphCall
    /// Whose messages keep their order and share Meta's pair limit; `nil`: held by no recipient.
    let pair: RecipientPair?
    /// Whether the call goes to this number's own `/messages`, and so counts for the number's rate.
    let countsForRate: Bool
    /// Whether doing it twice does no more than doing it once: `markRead`, `typing`, reactions, GET and DELETE.
    let isRepeatable: Bool
    /// Whether it is a `raw` call to a path of its own choice, whose 401 need not concern the account's token.
    let namesItsPath: Bool
    /// Who chose what its status webhooks name the message by.
    let callback: CallbackData

    /// Checks a payload and makes the call its action stands for.
    ///
    /// - Parameters:
    ///   - name: the last token of the subject, as it came.
    ///   - bytes: the NATS payload, as it came.
    ///   - id: the account's phone number ID, which the message is sent from.
    /// - Throws: a client error naming the first member that is missing or wrong, and what was expected of it.
    init(action name: String, payload bytes: [UInt8], from id: PhoneNumberID) throws(ClientError) {
        let action = try Action(named: name)
        switch action {
        case .sendMessage: try self.init(action, bytes, from: id, saying: MessageContent.text)
        case .sendImage: try self.init(action, bytes, from: id, saying: MessageContent.image)
        case .sendDocument: try self.init(action, bytes, from: id, saying: MessageContent.document)
        case .sendVideo: try self.init(action, bytes, from: id, saying: MessageContent.video)
        case .sendAudio: try self.init(action, bytes, from: id, saying: MessageContent.audio)
        case .sendSticker: try self.init(action, bytes, from: id, saying: MessageContent.sticker)
        case .sendLocation: try self.init(action, bytes, from: id, saying: MessageContent.location)
        case .sendContact: try self.init(action, bytes, from: id, saying: MessageContent.contacts)
        case .sendTemplate: try self.init(action, bytes, from: id, saying: MessageContent.template)
        case .sendInteractive: try self.init(action, bytes, from: id, saying: MessageContent.interactive)
        case .sendReaction: try self.init(action, bytes, from: id, saying: MessageContent.reaction)
        case .markRead: self.init(action, try ReadReceipt(Payload(bytes), typing: false), from: id)
        case .typing: self.init(action, try ReadReceipt(Payload(bytes), typing: true), from: id)
        case .raw: self.init(try RawCall(Payload(bytes), from: id))
        case .uploadMedia, .getMedia, .downloadMedia, .deleteMedia:
            throw ClientError("\(action.rawValue) is not available in this version")
        }
    }

    private init(
        _ action: Action, _ bytes: [UInt8], from id: PhoneNumberID,
        saying content: (Payload) throws(ClientError) -> MessageContent
    ) throws(ClientError) {
        let payload = try Payload(bytes)
        let message = try OutboundMessage(payload, content: content(payload))
        self.action = action
        self.call = GraphCall(path: "\(id.value)/messages", body: message.body)
        self.pair = message.pair
        self.countsForRate = true
        self.isRepeatable = action == .sendReaction
        self.namesItsPath = false
        self.callback = message.callback
    }

    private init(_ action: Action, _ receipt: ReadReceipt, from id: PhoneNumberID) {
        self.action = action
        self.call = GraphCall(path: "\(id.value)/messages", body: receipt.body)
        self.pair = nil
        self.countsForRate = true
        self.isRepeatable = true
        self.namesItsPath = false
        self.callback = .chosen(nil)
    }

    private init(_ raw: RawCall) {
        self.action = .raw
        self.call = raw.call
        self.pair = raw.pair
        self.countsForRate = raw.isToOwnMessages
        self.isRepeatable = raw.call.method != .post
        self.namesItsPath = raw.namesItsPath
        self.callback = raw.callback
    }
}
