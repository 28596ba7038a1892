import Addressing
import ArgumentParser
import JSONBytes
import NATSClient

/// Prints what is published, as `nats sub` does.
struct SubscribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sub", abstract: "Prints every message on a subject until it is interrupted.")

    @Argument(help: "The subject; wildcards are * and >.")
    var subject = "whatsapp.>"
    @Option(help: "End after so many messages.")
    var count: Int?

    func run() async throws {
        let connection = try await DemoSettings.load().connect()
        let (messages, feed) = AsyncStream.makeStream(of: NATSMessage.self)
        _ = connection.subscribe(self.subject) { feed.yield($0) }
        try await connection.roundTrip(timeout: .seconds(3))
        printNow("listening on \(self.subject); Ctrl-C ends")
        var left = self.count ?? .max
        for await message in messages {
            var text = "\n[\(message.subject)]\n"
            for header in message.headers {
                text += "\(header.name): \(header.value)\n"
            }
            printNow(text + String(decoding: message.payload, as: UTF8.self))
            left -= 1
            if left == 0 { break }
        }
        await connection.close()
    }
}

/// Sends a text message over the request lane.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Sends a text message and prints Graph's answer.")

    @Option(help: "The account that sends; the first one of .env unless given.")
    var account: String?
    @Option(help: "The recipient's phone number.")
    var to = "447700900123"
    @Option(help: "The message.")
    var text = "Yes, it is."

    func run() async throws {
        let settings = try DemoSettings.load()
        let account = try settings.account(named: self.account)
        var payload = JSONWriter()
        payload.object { message in
            message.member("to", string: self.to)
            message.member("text", string: self.text)
        }
        try await ask("whatsapp.\(account.name).out.sendMessage", payload.bytes, settings)
    }
}

/// Sends any request, as `nats req` does.
struct RequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request", abstract: "Sends a request and prints the answer.")

    @Argument(help: "The subject, such as whatsapp.demo.out.markRead.")
    var subject: String
    @Argument(help: "The payload.")
    var payload = "{}"

    func run() async throws {
        try await ask(self.subject, Array(self.payload.utf8), DemoSettings.load())
    }
}

/// Tells whether NATS with JetStream is there.
struct CheckNATSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-nats", abstract: "Exits 0 when NATS with JetStream answers at NATS_URL, 1 otherwise.")

    func run() async throws {
        let connection = try await DemoSettings.load().connect()
        let hasJetStream = try await JetStream(connection).isAvailable()
        await connection.close()
        if !hasJetStream {
            print("NATS answers, but without JetStream")
            throw ExitCode(2)
        }
    }
}

private func ask(_ subject: String, _ payload: [UInt8], _ settings: DemoSettings) async throws {
    let connection = try await settings.connect()
    do {
        let reply = try await connection.request(
            OutgoingMessage(subject: subject, payload: payload), timeout: .seconds(20))
        for header in reply.headers {
            printNow("\(header.name): \(header.value)")
        }
        printNow(String(decoding: reply.payload, as: UTF8.self))
        await connection.close()
        if reply.header("Nats-Service-Error-Code") != nil { throw ExitCode.failure }
    } catch let error as NATSError where error.code == .noResponders {
        await connection.close()
        throw DemoSettings.Problem(description: "nobody serves \(subject): is the egress running?")
    }
}
