/// An outbound subject of any account, read back from what NATS delivered or a stream holds.
package struct OutboundSubject: Hashable, Sendable {
    /// What the third token says.
    package enum Lane: String, Hashable, Sendable {
        case request = "out"
        case queue
        case dead
    }

    package let account: AccountName
    package let lane: Lane
    /// The last token, known as an action or not; never empty.
    package let action: String

    /// Reads `whatsapp.<name>.<out, queue or dead>.<action>`; nil for any other subject.
    package init?(parsing subject: String) {
        let tokens = subject.utf8.split(separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false)
        guard tokens.count == 4, tokens[0].elementsEqual("whatsapp".utf8), !tokens[3].isEmpty else { return nil }
        guard let account = AccountName(String(Substring(tokens[1]))) else { return nil }
        guard let lane = Lane(rawValue: String(Substring(tokens[2]))) else { return nil }
        self.account = account
        self.lane = lane
        self.action = String(Substring(tokens[3]))
    }
}
