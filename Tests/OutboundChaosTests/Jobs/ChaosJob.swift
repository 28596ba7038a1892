import JSONBytes
import NATSClient
import TestSupport

/// A job of a round: a text message that names itself.
struct ChaosJob: Hashable, Sendable {
    /// What it asks for when nobody can tell whether it was sent (`Wa-On-Doubt`).
    enum OnDoubt: String, Hashable, Sendable {
        case dead
        case retry
    }

    let account: ChaosAccount
    /// Counts the jobs of the round, from 0.
    let number: Int
    let recipient: String
    /// Counts the account's jobs for this recipient, from 1.
    let place: Int
    /// nil: it does not say, which is as good as `dead`.
    let onDoubt: OnDoubt?
    /// A callback value of the bot's own, with which no doubt can be settled.
    let callback: String?

    /// Its `Nats-Msg-Id`.
    var id: String { "\(self.account.name):\(self.number)" }

    /// Whether it may be sent a second time when it is in doubt.
    var mayRepeat: Bool { self.onDoubt == .retry }

    /// Whether a status webhook can tell that it was sent.
    var canBeSettled: Bool { self.callback == nil }

    /// As it is published.
    var message: OutgoingMessage {
        var writer = JSONWriter()
        writer.object { payload in
            payload.member("to", string: self.recipient)
            payload.member("text", string: "\(self.id) is message \(self.place) to \(self.recipient)")
            if let callback { payload.member("biz_opaque_callback_data", string: callback) }
        }
        var headers = [NATSHeader("Nats-Msg-Id", self.id)]
        if let onDoubt { headers.append(NATSHeader("Wa-On-Doubt", onDoubt.rawValue)) }
        return OutgoingMessage(
            subject: "whatsapp.\(self.account.name).queue.sendMessage", headers: headers, payload: writer.bytes)
    }

    /// The `id` of the job that a text belongs to.
    static func id(ofText text: String) -> String {
        text.split(separator: " ").first.map(String.init) ?? text
    }

    /// Draws the jobs of a round, in the order in which they are to be stored.
    ///
    /// Half of them go to a tenth of the recipients, who so have many jobs in a row.
    static func draw(_ count: Int, recipients: Int, seed: Seed) -> [ChaosJob] {
        var generator = seed.generator
        var places: [String: Int] = [:]
        return (0..<count).map { number in
            let account = ChaosAccount.all.randomElement(using: &generator) ?? ChaosAccount.all[0]
            let isBusy = Bool.random(using: &generator)
            let recipient =
                447_700_900_000 + Int.random(in: 0..<(isBusy ? recipients / 10 : recipients), using: &generator)
            let onDoubt: OnDoubt? = [nil, .dead, .retry, .retry][Int.random(in: 0..<4, using: &generator)]
            let hasCallback = Int.random(in: 0..<4, using: &generator) == 0
            let pair = "\(account.name) \(recipient)"
            places[pair, default: 0] += 1
            return ChaosJob(
                account: account, number: number, recipient: "\(recipient)", place: places[pair] ?? 1,
                onDoubt: onDoubt, callback: hasCallback ? "order-\(number)" : nil)
        }
    }
}
