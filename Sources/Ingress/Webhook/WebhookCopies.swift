import Addressing
import JSONBytes

/// Makes the `in.webhook` events of a body: the whole body if it fits, else envelopes of an entry or a change.
struct WebhookCopies {
    private let whole: Envelope
    private let object: JSONValue
    private let maxPayload: Int
    private var toldOfBody: Set<AccountName> = []

    private var entry: JSONValue?
    private var entryEnvelope: Envelope?
    private var toldOfEntry: Set<AccountName> = []
    /// The bytes of an envelope of one change that come before the change.
    private var opening: [UInt8]?
    /// What envelopes of single changes may still take: an entry that repeats large members in each must not multiply them.
    private var budget: Int

    private static let closing = Array("]}]}".utf8)

    private struct Envelope {
        let payload: ArraySlice<UInt8>
        let hash: String

        init(_ payload: ArraySlice<UInt8>, hash: String? = nil) {
            self.payload = payload
            self.hash = hash ?? ContentHash.hex(of: payload)
        }
    }

    /// - Parameters:
    ///   - body: all bytes of the body.
    ///   - hash: their SHA-256.
    ///   - object: the body's `object`.
    ///   - maxPayload: the server's limit, headers included.
    init(body: [UInt8], hash: String, object: JSONValue, maxPayload: Int) {
        self.whole = Envelope(body[...], hash: hash)
        self.object = object
        self.maxPayload = maxPayload
        self.budget = 4 * body.count
    }

    /// Goes on to the next entry of the body.
    mutating func begin(_ entry: JSONValue) {
        self.entry = entry
        self.entryEnvelope = nil
        self.toldOfEntry.removeAll()
        self.opening = nil
    }

    /// What an account gets for a change that concerns it.
    enum Copy {
        case event(InboundEvent)
        /// The account has had a copy that holds the change.
        case made
        /// Even the change alone is too large.
        case omitted
    }

    /// The copy of the current entry's change that the account is still to get.
    mutating func copy(of change: JSONValue, for account: AccountDirectory.Listing) -> Copy {
        if self.toldOfBody.contains(account.name) || self.toldOfEntry.contains(account.name) { return .made }
        let event = Self.event(self.whole, for: account)
        if event.size <= self.maxPayload {
            self.toldOfBody.insert(account.name)
            return .event(event)
        }
        if let envelope = self.envelopeOfEntry() {
            let event = Self.event(envelope, for: account)
            if event.size <= self.maxPayload {
                self.toldOfEntry.insert(account.name)
                return .event(event)
            }
        }
        guard let envelope = self.envelope(of: change) else { return .omitted }
        let smaller = Self.event(envelope, for: account)
        return smaller.size <= self.maxPayload ? .event(smaller) : .omitted
    }

    private static func event(_ envelope: Envelope, for account: AccountDirectory.Listing) -> InboundEvent {
        InboundEvent(
            kind: .webhook, account: account.name, subject: account.subjects.webhook,
            messageID: account.messageIDs.webhook + envelope.hash,
            headers: [(HeaderName.phoneNumberID, account.phoneNumberID.value)], payload: envelope.payload)
    }

    /// `{"object":…,"entry":[<entry>]}`; nil when that cannot fit.
    private mutating func envelopeOfEntry() -> Envelope? {
        if let made = self.entryEnvelope { return made }
        guard let entry = self.entry, entry.range.count <= self.maxPayload else { return nil }
        var bytes = self.beginning()
        bytes += entry.bytes
        bytes += "]}".utf8
        self.entryEnvelope = Envelope(bytes[...])
        return self.entryEnvelope
    }

    /// `{"object":…,"entry":[{<the entry's other members>,"changes":[<change>]}]}`; nil when that cannot fit.
    private mutating func envelope(of change: JSONValue) -> Envelope? {
        let opening = self.opening ?? self.openingOfEntry()
        self.opening = opening
        let size = opening.count + change.range.count + Self.closing.count
        guard size <= self.maxPayload, size <= self.budget else { return nil }
        self.budget -= size
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        bytes += opening
        bytes += change.bytes
        bytes += Self.closing
        return Envelope(bytes[...])
    }

    private func openingOfEntry() -> [UInt8] {
        var bytes = self.beginning()
        bytes.append(UInt8(ascii: "{"))
        if let entry = self.entry {
            for (key, value) in entry.members where !key.isString("changes") {
                bytes += key.bytes
                bytes.append(UInt8(ascii: ":"))
                bytes += value.bytes
                bytes.append(UInt8(ascii: ","))
            }
        }
        bytes += "\"changes\":[".utf8
        return bytes
    }

    private func beginning() -> [UInt8] {
        Array("{\"object\":".utf8) + self.object.bytes + Array(",\"entry\":[".utf8)
    }
}
