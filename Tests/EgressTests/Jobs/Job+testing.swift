import NATSClient

@testable import Egress

extension Job {
    /// A job as the stream would deliver it.
    static func delivered(
        _ sequence: UInt64, pending: Int = 0, deliveries: Int = 1, headers: [NATSHeader] = [], payload: String = "{}"
    ) -> Job {
        let ack = AckSubject(
            "$JS.ACK.WHATSAPP_OUT.egress-acme.\(deliveries).\(sequence).9.1700000000000000000.\(pending)")!
        let message = NATSMessage(
            subject: "whatsapp.acme.queue.sendMessage", headers: headers, payload: Array(payload.utf8))
        return Job(Delivery(message: message, ack: ack))
    }
}
