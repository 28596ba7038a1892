import Addressing
import JSONBytes

/// Goes through the entries of one body and gathers the events they lead to.
struct WebhookReading {
    private let directory: AccountDirectory
    private let maxPayload: Int
    private let bodyHash: String
    private var copies: WebhookCopies
    private var result = WebhookEvents()
    /// The size of the largest event so far, headers included.
    private var largest = 0
    /// How many changes of the whole body have been read.
    private var changes = 0
    /// How many elements of `value.errors` have been published.
    private var errors = 0

    init(body: [UInt8], object: JSONValue, directory: AccountDirectory, maxPayload: Int) {
        self.directory = directory
        self.maxPayload = maxPayload
        self.bodyHash = ContentHash.hex(of: body[...])
        self.copies = WebhookCopies(body: body, hash: self.bodyHash, object: object, maxPayload: maxPayload)
    }

    /// - Throws: ``WebhookError`` with the code `tooLarge` when an event does not fit `maxPayload`.
    consuming func finish() throws(WebhookError) -> WebhookEvents {
        guard self.largest <= self.maxPayload else {
            throw WebhookError(
                code: .tooLarge(needed: self.largest),
                message:
                    "an event has \(self.largest) bytes, headers included: max_payload is \(self.maxPayload), not enough"
            )
        }
        return self.result
    }

    /// - Throws: ``WebhookError`` with the code `tooManyEvents`.
    mutating func read(_ entry: JSONValue) throws(WebhookError) {
        let members = entry.members(["changes", "id"])
        guard let changes = members[0] else { return }
        self.copies.begin(entry)
        let businessAccountID = members[1]?.headerValue.map { (HeaderName.businessAccountID, $0) }
        for change in changes.elements where change.kind == .object {
            try self.read(Change(change, headers: businessAccountID.map { [$0] } ?? []))
            self.changes += 1
        }
    }

    private mutating func read(_ change: Change) throws(WebhookError) {
        guard let id = change.phoneNumberID else {
            try self.readUnaddressed(change)
            return
        }
        guard let account = id.string.flatMap({ self.directory[$0] }) else {
            try self.appendUnrouted(change)
            return
        }
        switch self.copies.copy(of: change.whole, for: account) {
        case .event(let event): try self.append(event)
        case .made: break
        case .omitted: self.result.omittedCopies[account.name, default: 0] += 1
        }
        if change.isMessages {
            for part in change.parts { try self.read(part, of: change, for: account) }
        } else if let value = change.value {
            let field = InboundToken(changeField: change.field?.string)
            try self.append(
                .field, account, subject: account.subjects.change(ofField: field), headers: change.headers,
                messageID: self.fieldID(account.messageIDs, field.value), payload: value)
        }
    }

    /// A change that names no phone number ID.
    private mutating func readUnaddressed(_ change: Change) throws(WebhookError) {
        guard !change.isMessages, let value = change.value else {
            try self.appendUnrouted(change)
            return
        }
        let field = InboundToken(changeField: change.field?.string)
        try self.append(
            .field, nil, subject: EventSubject.change(ofField: field), headers: change.headers,
            messageID: self.fieldID(.event, field.value), payload: value)
    }

    private mutating func appendUnrouted(_ change: Change) throws(WebhookError) {
        self.result.unroutedPhoneNumberIDs.insert(change.phoneNumberID?.headerValue ?? "none")
        try self.append(
            .unrouted, nil, subject: EventSubject.unrouted, headers: change.headers,
            messageID: self.fieldID(.event, "unrouted"), payload: change.whole)
    }

    private func fieldID(_ stems: MessageIDStems, _ token: String) -> String {
        "\(stems.field)\(token):\(self.bodyHash):\(self.changes)"
    }

    private mutating func read(
        _ part: Change.Part, of change: Change, for account: AccountDirectory.Listing
    ) throws(WebhookError) {
        switch part {
        case .messages(let messages):
            let names = ContactNames(change.contacts)
            for message in messages.elements where message.kind == .object {
                try self.append(message: message, names: names, headers: change.headers, account)
            }
        case .statuses(let statuses):
            for status in statuses.elements where status.kind == .object {
                try self.append(
                    .status, account, subject: account.subjects.status, headers: change.headers,
                    messageID: account.messageIDs.status + Self.identity(of: status), payload: status)
            }
        case .errors(let errors):
            for error in errors.elements where error.kind == .object {
                try self.append(
                    .error, account, subject: account.subjects.error, headers: change.headers,
                    messageID: "\(account.messageIDs.error)\(self.bodyHash):\(self.errors)", payload: error)
                self.errors += 1
            }
        }
    }

    /// `<id>:<status>:<timestamp>:<participant>`, where only the participant may be empty.
    private static func identity(of status: JSONValue) -> String {
        let members = status.members([
            "id", "status", "timestamp", "recipient_participant_user_id", "recipient_participant_id",
        ])
        var identity = ElementIdentity(of: status)
        var text = identity.part(members[0]) + ":"
        text += identity.part(members[1]) + ":"
        text += identity.part(members[2]) + ":"
        if let participant = members[3] ?? members[4] { text += identity.part(participant) }
        return text
    }

    private mutating func append(
        message: JSONValue, names: ContactNames, headers: [InboundEvent.Header], _ account: AccountDirectory.Listing
    ) throws(WebhookError) {
        let members = message.members(["id", "type", "from", "from_user_id"])
        var headers = headers
        if let id = members[0]?.headerValue { headers.append((HeaderName.messageID, id)) }
        if let from = members[2]?.headerValue { headers.append((HeaderName.from, from)) }
        if let name = names.name(userID: members[3], phone: members[2]) {
            headers.append((HeaderName.contactName, name))
        }
        var identity = ElementIdentity(of: message)
        let id = identity.part(members[0])
        let type = InboundToken(messageType: members[1]?.string)
        try self.append(
            .message, account, subject: account.subjects.message, headers: headers,
            messageID: account.messageIDs.message + id, payload: message)
        try self.append(
            .messageOfType, account, subject: account.subjects.message(ofType: type), headers: headers,
            messageID: account.messageIDs.messageOfType + type.value + ":" + id, payload: message)
    }

    private mutating func append(
        _ kind: InboundEvent.Kind, _ account: AccountDirectory.Listing?, subject: String,
        headers: [InboundEvent.Header], messageID: String, payload: JSONValue
    ) throws(WebhookError) {
        try self.append(
            InboundEvent(
                kind: kind, account: account?.name, subject: subject, messageID: messageID, headers: headers,
                payload: payload.bytes))
    }

    private mutating func append(_ event: InboundEvent) throws(WebhookError) {
        guard self.result.events.count < WebhookEvents.limit else {
            throw WebhookError(code: .tooManyEvents, message: "more than \(WebhookEvents.limit) events in one body")
        }
        self.largest = max(self.largest, event.size)
        self.result.events.append(event)
    }
}
