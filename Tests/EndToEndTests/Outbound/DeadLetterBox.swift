import NATSClient
import TestSupport

/// `WHATSAPP_DEAD` and `WHATSAPP_OUT` as an egress makes them, and `whatsapp-egress dead` over them.
struct DeadLetterBox {
    /// How a run of the command ended, and what it said.
    struct Run {
        let ending: RunningProcess.Ending
        let output: [String]
        let errors: [String]
    }

    let gateway: Gateway
    /// The settings of the operator's process; no account has a token in them.
    let environment: [String: String]
    /// Every job that is stored again.
    let jobs: NATSTap

    static func running(
        server options: NATSServerOptions = NATSServerOptions(), _ body: (DeadLetterBox) async throws -> Void
    ) async throws {
        try await Gateway.running([], server: options) { gateway in
            try await body(DeadLetterBox(gateway))
        }
    }

    init(_ gateway: Gateway) async throws {
        var settings = gateway.settings
        for account in settings.accounts { settings.further[account.variable] = account.phoneNumberID }
        self.gateway = gateway
        self.environment = settings.environment
        self.jobs = try await NATSTap(on: gateway.nats, "whatsapp.*.queue.*")
    }

    /// Makes both streams, with a dedupe window of an hour.
    func makeStreams(largestJob: Int = -1, lettersStay: Bool = false) async throws {
        let streams = [
            ("WHATSAPP_DEAD", "whatsapp.*.dead.*", "limits", -1, lettersStay),
            ("WHATSAPP_OUT", "whatsapp.*.queue.*", "workqueue", largestJob, false),
        ]
        for (name, subject, retention, largest, isKept) in streams {
            _ = try await self.gateway.jetStream(
                "STREAM.CREATE.\(name)",
                #"{"name":"\#(name)","subjects":["\#(subject)"],"retention":"\#(retention)","storage":"file","#
                    + #""discard":"new","duplicate_window":3600000000000,"max_msg_size":\#(largest),"deny_delete":\#(isKept)}"#
            )
        }
    }

    /// Stores a dead letter as the gateway does; returns its sequence.
    @discardableResult
    func add(
        _ action: String = "sendMessage", job: String, reason: String = "refused", code: Int = 131_026,
        error: String = "Message undeliverable", headers: [NATSHeader] = [],
        payload: [UInt8] = Array(#"{"to":"447700900123","text":"hello"}"#.utf8),
        of account: GatewayAccount = .myAccount
    ) async throws -> UInt64 {
        let letter = OutgoingMessage(
            subject: "whatsapp.\(account.name).dead.\(action)",
            headers: [
                NATSHeader("Nats-Msg-Id", "dead:\(job):1"), NATSHeader("Wa-Job-Id", job), NATSHeader("Wa-Error", error),
                NATSHeader("Wa-Error-Code", "\(code)"), NATSHeader("Wa-Attempts", "2"),
                NATSHeader("Wa-Reason", reason),
            ] + headers, payload: payload)
        let acks = await self.gateway.nats.store([letter], timeout: .seconds(10))
        return try acks[0].get().sequence
    }

    /// Runs the command to its end, without a terminal.
    func dead(_ arguments: String..., further: [String: String] = [:]) async throws -> Run {
        try await self.dead(arguments, further: further)
    }

    func dead(_ arguments: [String], further: [String: String] = [:]) async throws -> Run {
        let process = try await GatewayProcess.start(
            .egress, self.environment.merging(further) { $1 }, arguments: ["dead"] + arguments)
        let ending = try await process.process.waitForExit(within: .seconds(20))
        try await process.log.waitForEnd()
        try await process.process.standardOutput.waitForEnd()
        return Run(ending: ending, output: process.process.standardOutput.lines, errors: process.log.lines)
    }

    /// Starts the command on a terminal, from which it reads and to which its stderr goes.
    func start(_ arguments: String..., on terminal: PseudoTerminal) async throws -> RunningProcess {
        try await RunningProcess.start(
            BuildFolder.executable("whatsapp-egress"), arguments: ["dead"] + arguments, environment: self.environment,
            workingDirectory: "/", passing: [0: terminal.descriptor, 2: terminal.descriptor])
    }

    func count(_ stream: String = "WHATSAPP_DEAD") async throws -> Int {
        try await self.gateway.messageCount(of: stream)
    }
}
