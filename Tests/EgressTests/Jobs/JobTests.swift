import NATSClient
import Testing

@testable import Egress

@Suite struct JobTests {
    @Test func `A job is known by its message ID, else by its place in the stream`() {
        #expect(Job.delivered(7, headers: [NATSHeader("Nats-Msg-Id", "acme:1")]).id == "acme:1")
        #expect(Job.delivered(7).id == "WHATSAPP_OUT:7")
        #expect(Job.delivered(7, headers: [NATSHeader("Nats-Msg-Id", "")]).id == "WHATSAPP_OUT:7")
    }

    @Test func `Its events carry the bot's own headers on, and no control header`() {
        let job = Job.delivered(
            7,
            headers: [
                NATSHeader("Nats-Msg-Id", "acme:1"), NATSHeader("Wa-Expires", "1"), NATSHeader("traceparent", "00-x"),
                NATSHeader("wa-on-doubt", "retry"), NATSHeader("Order", "17"), NATSHeader("NATS-Rollup", "sub"),
            ])
        #expect(job.ownHeaders.map(\.name) == ["traceparent", "Order"])
    }
}
