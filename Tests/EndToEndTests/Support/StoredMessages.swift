import NATSClient
import TestSupport

extension Gateway {
    /// Everything that a stream holds, in its order, as a consumer gets it.
    func stored(in stream: String) async throws -> [NATSMessage] {
        let count = try await self.messageCount(of: stream)
        let inbox = "inbox.\(stream).\(UInt64.random(in: .min ... .max))"
        let tap = try await NATSTap(on: self.nats, inbox)
        _ = try await self.jetStream(
            "CONSUMER.CREATE.\(stream)",
            #"{"stream_name":"\#(stream)","config":{"deliver_subject":"\#(inbox)","deliver_policy":"all","#
                + #""ack_policy":"none"}}"#)
        return try await tap.all(count, within: .seconds(20))
    }
}
