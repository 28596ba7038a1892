import Addressing

/// Requests to send a text, as NATS' protocol writes them: each to a recipient of its own, the accounts in turn.
struct SendRequests {
    private let subjects: [String]
    private let inbox: String
    /// Written before each payload; the requester waits longer than any of them takes.
    private static let headers = "NATS/1.0\r\nWa-Timeout-Ms: 60000\r\n\r\n"

    /// - Parameter inbox: what the subjects of replies begin with; the number of the request follows.
    init(of accounts: [Account], repliesTo inbox: String) {
        self.subjects = accounts.map { "whatsapp.\($0.name).out.sendMessage" }
        self.inbox = inbox
    }

    func append(_ number: Int, to bytes: inout [UInt8]) {
        let payload = #"{"to":"4477\#(10_000_000 + number)","text":"Yes, it is."}"#
        let headers = Self.headers.utf8.count
        let subject = self.subjects[number % self.subjects.count]
        bytes += "HPUB \(subject) \(self.inbox)\(number) \(headers) \(headers + payload.utf8.count)\r\n".utf8
        bytes += Self.headers.utf8
        bytes += payload.utf8
        bytes += [13, 10]
    }
}
