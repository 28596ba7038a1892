import GraphSimulator
import TestSupport

/// A simulator with two accounts, and calls to it.
struct SimulatorBench {
    static let account = SimulatedAccount(phoneNumberID: "106540352242922", accessToken: "token-a", name: "my_account")
    static let other = SimulatedAccount(phoneNumberID: "987654321", accessToken: "token-b", name: "support")
    static let hello = #"{"messaging_product":"whatsapp","to":"447700900123","type":"text","text":{"body":"hi"}}"#
    static let messages = "/v21.0/106540352242922/messages"

    let simulator: GraphSimulator

    static func running<Result>(
        seed: Seed = Seed(1), webhooks: WebhookTarget? = nil, statuses: StatusPlan = .none,
        _ body: (SimulatorBench) async throws -> Result
    ) async throws -> Result {
        var configuration = SimulatorConfiguration(
            accounts: [self.account, self.other], webhooks: webhooks, seed: seed)
        configuration.statuses = statuses
        return try await GraphSimulator.running(configuration) { try await body(SimulatorBench(simulator: $0)) }
    }

    /// The bytes of a call as the gateway makes it.
    static func request(
        _ body: String? = hello, target: String = messages, method: String = "POST", token: String? = "token-a",
        contentType: String? = "application/json"
    ) -> [UInt8] {
        var headers: [(String, String)] = []
        if let token { headers.append(("Authorization", "Bearer \(token)")) }
        if let contentType { headers.append(("Content-Type", contentType)) }
        return PlainHTTP.request(method, target, headers: headers, body: body.map { Array($0.utf8) })
    }

    func connect() async throws -> RawConnection {
        try await RawConnection.connect(port: self.simulator.port)
    }

    /// Makes one call on a connection of its own.
    func call(
        _ body: String? = hello, target: String = messages, method: String = "POST", token: String? = "token-a",
        contentType: String? = "application/json"
    ) async throws -> HTTPReply {
        let connection = try await self.connect()
        try await connection.send(
            Self.request(body, target: target, method: method, token: token, contentType: contentType))
        return try await connection.reply()
    }

    /// Calls a control endpoint.
    func control(_ method: String, _ path: String, _ body: String? = nil) async throws -> HTTPReply {
        try await PlainHTTP.call(
            method, "\(self.simulator.url)/_simulator/\(path)", body: body.map { Array($0.utf8) })
    }
}

extension HTTPReply {
    var json: JSONTree { get throws { try JSONTree(self.body) } }

    /// The `code` of a Graph error.
    var graphCode: Int? { get throws { try self.json["error"]?["code"]?.int } }
}
