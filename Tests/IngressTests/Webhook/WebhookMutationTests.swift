import Foundation
import JSONBytes
import TestSupport
import Testing

@testable import Ingress

/// Fixtures in which some values have been replaced by what Meta should never send.
///
/// `FUZZ_INPUTS` says how many (2,000 when unset), `FUZZ_SEED` repeats a run.
@Suite struct WebhookMutationTests {
    @Test func `Whatever stands in a webhook, its events keep the contract's forms and fit`() throws {
        let inputs = ProcessInfo.processInfo.environment["FUZZ_INPUTS"].flatMap(Int.init) ?? 2000
        let seed = Seed.forTest(from: "FUZZ_SEED")
        var random = seed.generator
        let fixtures = try InboundFixture.all()
        let directory = try TestWebhook.directory()
        var published = 0
        for _ in 0..<inputs {
            var body = try #require(fixtures.randomElement(using: &random)).body
            for _ in 0...Int.random(in: 0...2, using: &random) {
                let place = try Self.place(in: body, using: &random)
                body.replaceSubrange(place, with: try #require(Self.values.randomElement(using: &random)).utf8)
            }
            let maxPayload = Int.random(in: 300...3000, using: &random)
            guard let webhook = try? Webhook(body: body),
                let events = try? webhook.events(for: directory, maxPayload: maxPayload).events
            else { continue }
            published += events.count
            for event in events {
                let complaint = Self.complaint(about: event, from: body, maxPayload: maxPayload)
                #expect(complaint == nil, "FUZZ_SEED=\(seed): \(String(decoding: body, as: UTF8.self))")
            }
        }
        #expect(published > inputs / 4)
    }

    private static let values = [
        "null", "true", "0", "-1.5e3", "[]", "{}", "[{}]", "[[]]", #""""#, #"" ""#, #""a.b""#, #"">""#, #""messages""#,
        #""webhook""#, #""Ж\r\n%""#, #""\ud83d""#, #""\u0000""#, #""987654321""#, #""106540352242922""#, #""1""#,
        #"{"id":7}"#, #"[{"id":"x","type":"text"},null]"#, #"{"metadata":{"phone_number_id":"987654321"}}"#,
        "\"\(String(repeating: "x", count: 600))\"",
    ]

    /// Where a value of the body is that may be replaced, found by walking down from the root.
    private static func place(in body: [UInt8], using random: inout SeededGenerator) throws -> Range<Int> {
        var value = try JSONDocument(validating: body).root
        while true {
            let children = value.members.map(\.value) + Array(value.elements)
            guard let child = children.randomElement(using: &random) else { return value.range }
            value = child
            if Int.random(in: 0..<10, using: &random) == 0 { return value.range }
        }
    }

    /// What is wrong with an event; nil when nothing is.
    private static func complaint(about event: InboundEvent, from body: [UInt8], maxPayload: Int) -> String? {
        let subject = #/whatsapp\.(event|(my_account|support)\.in)(\.[A-Za-z0-9_-]{1,64}){1,2}/#
        if event.subject.wholeMatch(of: subject) == nil { return "subject \(event.subject)" }
        if event.messageID.wholeMatch(of: #/[!-~]{1,1200}/#) == nil { return "message id \(event.messageID)" }
        for header in event.headers where header.value.wholeMatch(of: #/[!-~]([ -~]{0,510}[!-~])?/#) == nil {
            return "header \(header)"
        }
        if event.size > maxPayload || event.size != event.wireSize { return "size \(event.size)" }
        if event.kind == .webhook {
            return (try? Webhook(body: Array(event.payload))) == nil ? "no webhook" : nil
        }
        if event.payload != body[event.payload.indices] { return "no slice of the body" }
        return (try? JSONDocument(validating: Array(event.payload))) == nil ? "no JSON" : nil
    }
}
