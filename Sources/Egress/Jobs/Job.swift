import Addressing
import NATSClient

/// A message of the queue lane as the stream delivered it, whatever is in it.
struct Job: Sendable {
    let delivery: Delivery
    /// The action token of the subject, as it came.
    let action: String
    /// Its `Nats-Msg-Id`, else `<stream>:<sequence>`.
    let id: String

    init(_ delivery: Delivery) {
        self.delivery = delivery
        self.action = OutboundSubjects.lastToken(of: delivery.message.subject)
        let given = delivery.message.header("Nats-Msg-Id").flatMap { $0.isEmpty ? nil : $0 }
        self.id = given ?? "\(delivery.ack.stream):\(delivery.ack.streamSequence)"
    }

    var message: NATSMessage { self.delivery.message }
    /// Its place in the stream, which no other job ever has.
    var sequence: UInt64 { self.delivery.ack.streamSequence }
    /// Roughly what it takes up in memory, in bytes.
    var size: Int {
        self.message.payload.count + self.message.headers.reduce(0) { $0 + NATSHeader.lineSize($1.name, $1.value) }
    }

    /// What its events carry on: the bot's own headers, control headers left out.
    var ownHeaders: [NATSHeader] {
        self.message.headers.filter { header in
            let name = header.name.lowercased()
            return !name.hasPrefix("nats-") && !name.hasPrefix("wa-")
        }
    }
}

/// A job that is what its action needs.
struct AcceptedJob: Sendable {
    let job: Job
    let terms: JobTerms
    let call: OutboundCall

    /// - Throws: a client error: what is wrong with its headers, its action or its payload.
    init(_ job: Job, from id: PhoneNumberID) throws(ClientError) {
        self.job = job
        self.terms = try JobTerms(job.message)
        self.call = try OutboundCall(action: job.action, payload: job.message.payload, from: id)
    }
}
