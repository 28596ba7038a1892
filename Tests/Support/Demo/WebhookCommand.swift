import Addressing
import ArgumentParser
import Glibc
import JSONBytes
import Settings
import TestSupport

/// Posts a text message to the ingress as Meta would: signed with the app secret.
struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Posts a signed webhook with a text message to the ingress.")

    @Option(help: "The account that receives the message; the first one of .env unless given.")
    var account: String?
    @Option(help: "The sender's phone number.")
    var from = "447700900123"
    @Option(help: "The sender's name.")
    var name = "Test Person"
    @Option(help: "The message.")
    var text = "Is the blue one still in stock?"

    func run() async throws {
        let settings = try DemoSettings.load()
        let account = try settings.account(named: self.account)
        let body = self.body(phoneNumberID: account.phoneNumberID.value)
        var headers = [("Content-Type", "application/json")]
        if let secret = settings.appSecret {
            headers.append(
                (WebhookSignature.headerName, WebhookSignature.headerValue(of: body, secret: secret.revealed)))
        }
        let url = "http://127.0.0.1:\(settings.port)/webhook"
        guard let reply = try? await PlainHTTP.post(url, body: body, headers: headers) else {
            throw DemoSettings.Problem(description: "no answer from \(url): is it running? (make run starts it)")
        }
        print("\(reply.status) from \(url) for a message to \(account.name)")
        if reply.status != 200 { throw ExitCode.failure }
    }

    private func body(phoneNumberID: String) -> [UInt8] {
        let now = time(nil)
        var writer = JSONWriter()
        writer.object { body in
            body.member("object", string: "whatsapp_business_account")
            body.member(
                "entry",
                array: { entries in
                    entries.element(object: { entry in
                        entry.member("id", string: "200000000000001")
                        entry.member(
                            "changes",
                            array: { changes in
                                changes.element(object: { change in
                                    change.member("value", object: { self.write(&$0, phoneNumberID, now) })
                                    change.member("field", string: "messages")
                                })
                            })
                    })
                })
        }
        return writer.bytes
    }

    private func write(_ value: inout JSONObjectWriter, _ phoneNumberID: String, _ now: Int) {
        value.member("messaging_product", string: "whatsapp")
        value.member(
            "metadata",
            object: { metadata in
                metadata.member("display_phone_number", string: "12025550100")
                metadata.member("phone_number_id", string: phoneNumberID)
            })
        value.member(
            "contacts",
            array: { contacts in
                contacts.element(object: { contact in
                    contact.member("profile", object: { $0.member("name", string: self.name) })
                    contact.member("wa_id", string: self.from)
                })
            })
        value.member(
            "messages",
            array: { messages in
                messages.element(object: { message in
                    message.member("from", string: self.from)
                    message.member("id", string: "wamid.DEMO\(now)\(UInt32.random(in: 0...UInt32.max))")
                    message.member("timestamp", string: String(now))
                    message.member("type", string: "text")
                    message.member("text", object: { $0.member("body", string: self.text) })
                })
            })
    }
}
