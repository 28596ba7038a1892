import ArgumentParser
import Crypto
import Daemon
import Glibc

/// Posts signed webhooks, each with message ids of its own, over kept connections, as fast as they are answered.
struct WebhookLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "webhooks", abstract: "Posts signed webhooks.")

    @Option(help: "The port of the ingress on 127.0.0.1.")
    var port: UInt16 = 8080
    @Option(help: "The phone number ID of an account.")
    var phoneNumberID = "106540352242922"
    @Option(help: "How many connections.")
    var connections = 32
    @Option(help: "How many webhooks.")
    var count = 20_000
    @Option(help: "How many messages in each.")
    var messages = 1
    @Option(name: .customLong("pid"), help: "A process whose CPU time is counted; repeatable.")
    var pids: [Int32] = []

    func run() async throws {
        guard let secret = getenv("APP_SECRET").map({ String(cString: $0) }) else {
            throw ValidationError("APP_SECRET is not set")
        }
        let bodies = self.requests(secret: secret)
        let measurement = Measurement(pids: self.pids)
        let share = (bodies.count + self.connections - 1) / self.connections
        let outcome = await withTaskGroup(of: Outcome.self) { group in
            for start in stride(from: 0, to: bodies.count, by: share) {
                let part = Array(bodies[start..<min(start + share, bodies.count)])
                group.addTask { await onThread { Self.post(part, port: self.port) } }
            }
            return await group.reduce(into: Outcome()) { $0.add($1) }
        }
        measurement.report("webhooks-\(self.messages)", outcome)
    }

    private func requests(secret: String) -> [[UInt8]] {
        let key = SymmetricKey(data: Array(secret.utf8))
        let run = UInt32.random(in: 0...UInt32.max)
        return (0..<self.count).map { number in
            let elements = (0..<self.messages).map { index in
                """
                {"from":"447700900123","id":"wamid.LOAD\(run).\(number).\(index)","timestamp":"1767225607","type":"text",\
                "text":{"body":"Is the blue one still in stock?"}}
                """
            }
            let body =
                """
                {"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[{"value":{\
                "messaging_product":"whatsapp","metadata":{"display_phone_number":"12025550100","phone_number_id":\
                "\(self.phoneNumberID)"},"contacts":[{"profile":{"name":"Test Person"},"wa_id":"447700900123"}],\
                "messages":[\(elements.joined(separator: ","))]},"field":"messages"}]}]}
                """
            let digits = HMAC<SHA256>.authenticationCode(for: Array(body.utf8), using: key)
                .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            let head =
                "POST /webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "X-Hub-Signature-256: sha256=\(digits)\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            return Array((head + body).utf8)
        }
    }

    /// Posts one request after another; each answer is read before the next is sent.
    private static func post(_ requests: [[UInt8]], port: UInt16) -> Outcome {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { return Outcome(latencies: [], refused: requests.count) }
        var outcome = Outcome()
        var buffer = [UInt8](repeating: 0, count: 4096)
        for request in requests {
            let began = ContinuousClock.now
            var sent = 0
            while sent < request.count {
                let count = request.withUnsafeBytes { send(descriptor, $0.baseAddress! + sent, $0.count - sent, 0) }
                guard count > 0 else { return outcome.breakingOff(after: requests.count) }
                sent += count
            }
            // The answers are a head and no body, and fit into one read.
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 12 else { return outcome.breakingOff(after: requests.count) }
            if buffer[9..<12].elementsEqual("200".utf8) {
                outcome.latencies.append(ContinuousClock.now - began)
            } else {
                outcome.refused += 1
            }
        }
        return outcome
    }
}

/// Runs blocking work on a thread of its own.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        startThread(named: "load") { continuation.resume(returning: body()) }
    }
}
