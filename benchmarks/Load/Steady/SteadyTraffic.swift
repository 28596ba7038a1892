import Addressing
import NATSClient
import NIOPosix
import Settings
import Synchronization
import TestSupport

/// Webhooks, requests and jobs, each to or from a number of its own, and what came of them.
final class SteadyTraffic: Sendable {
    enum Kind: String, Sendable { case webhooks, requests, jobs }

    private struct State {
        var tallies: [Kind: Tally] = [:]
        /// The recipients of requests that were answered well.
        var answered: Set<String> = []
        /// The recipients of requests that NATS found nobody for.
        var unheard: Set<String> = []
        /// The recipients of jobs that are stored.
        var stored: Set<String> = []
    }

    private let state = Mutex(State())
    private let accounts: [Account]
    private let secret: String
    private let webhooks: String
    private let connection: NATSConnection
    /// Begins every number, so that two runs have none in common.
    private let run = String(UInt32.random(in: 10_000...99_999))

    /// - Parameters:
    ///   - names: the accounts in turn, all of `.env` when empty.
    ///   - webhooks: the URL that webhooks are posted to.
    /// - Throws: `SettingsError`.
    init(accounts names: [String], webhooks: String, over connection: NATSConnection) throws {
        var reader = SettingsReader(SettingsSource.load())
        let accounts = Accounts.read(from: &reader, tokens: .ignored)
            .filter { names.isEmpty || names.contains($0.name.value) }
        let secret = reader.value(Variables.appSecret)?.first
        if accounts.isEmpty { reader.problem("WA_<NAME>", "no account of those wanted") }
        if secret == nil { reader.problem("APP_SECRET", "expected the app secret") }
        try reader.finish()
        self.accounts = accounts
        self.secret = secret?.revealed ?? ""
        self.webhooks = webhooks
        self.connection = connection
    }

    /// The recipients of the jobs that are stored.
    var stored: Set<String> { self.state.withLock { $0.stored } }

    func tally(of kind: Kind) -> Tally { self.state.withLock { $0.tallies[kind] ?? Tally() } }

    /// Whether each kind has succeeded once before the end.
    func hasBegun(of kinds: Set<Kind>, before ending: Ending) async -> Bool {
        while !ending.isHere {
            if kinds.allSatisfy({ self.tally(of: $0).answered > 0 }) { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    /// Keeps to the rate whatever becomes of each; returns when all are answered.
    func flow(_ kind: Kind, rate: Int, until ending: Ending) async {
        let began = ContinuousClock.now
        await withDiscardingTaskGroup { group in
            var number = 0
            while !ending.isHere {
                try? await Task.sleep(until: began + .seconds(1) * (Double(number) / Double(rate)))
                let account = self.accounts[number % self.accounts.count]
                let person = "44\(self.run)\(kind.digit)\(100_000 + number)"
                group.addTask {
                    let asked = ContinuousClock.now
                    self.note(kind) { $0.ask() }
                    switch kind {
                    case .webhooks: await self.post(from: person, to: account, asked)
                    case .requests: await self.request(to: person, of: account, asked)
                    case .jobs: await self.store(to: person, of: account, asked)
                    }
                }
                number += 1
            }
        }
    }

    private func note(_ kind: Kind, _ change: (inout Tally) -> Void) {
        self.state.withLock { change(&$0.tallies[kind, default: Tally()]) }
    }

    // MARK: The kinds

    private func post(from person: String, to account: Account, _ asked: ContinuousClock.Instant) async {
        let body = Array(
            """
            {"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[{"value":{\
            "messaging_product":"whatsapp","metadata":{"display_phone_number":"12025550100","phone_number_id":\
            "\(account.phoneNumberID)"},"contacts":[{"profile":{"name":"Test Person"},"wa_id":"\(person)"}],\
            "messages":[{"from":"\(person)","id":"wamid.STEADY\(person)","timestamp":"1767225607","type":"text",\
            "text":{"body":"Is the blue one still in stock?"}}]},"field":"messages"}]}]}
            """.utf8)
        let signature = WebhookSignature.headerValue(of: body, secret: self.secret)
        do {
            let reply = try await PlainHTTP.post(
                self.webhooks, body: body, headers: [(WebhookSignature.headerName, signature)])
            self.note(.webhooks) {
                if reply.status == 200 {
                    $0.answer(asked: asked)
                } else {
                    $0.fail("status_\(reply.status)", asked: asked)
                }
            }
        } catch is NIOConnectionError {
            self.note(.webhooks) { $0.fail("refused", asked: asked) }
        } catch {
            self.note(.webhooks) { $0.fail("broken", asked: asked) }
        }
    }

    private func request(to person: String, of account: Account, _ asked: ContinuousClock.Instant) async {
        do throws(NATSError) {
            let reply = try await self.connection.request(
                OutgoingMessage(
                    subject: "whatsapp.\(account.name).out.sendMessage",
                    headers: [NATSHeader("Wa-Timeout-Ms", "10000")],
                    payload: Self.message(to: person)), timeout: .seconds(20))
            if let code = reply.header("Nats-Service-Error-Code") {
                return self.note(.requests) { $0.fail("error_\(code)", asked: asked) }
            }
            self.note(.requests) { $0.answer(asked: asked) }
            self.state.withLock { _ = $0.answered.insert(person) }
        } catch {
            if error.code == .noResponders { self.state.withLock { _ = $0.unheard.insert(person) } }
            let word = error.code == .noResponders ? "no_responders" : "\(error.code)"
            self.note(.requests) { $0.fail(word, asked: asked) }
        }
    }

    /// Stores a job; where no PubAck comes, again under its id, which makes one of all its tries.
    private func store(to person: String, of account: Account, _ asked: ContinuousClock.Instant) async {
        let job = OutgoingMessage(
            subject: "whatsapp.\(account.name).queue.sendMessage",
            headers: [NATSHeader("Nats-Msg-Id", "\(account.name):steady:\(person)")], payload: Self.message(to: person))
        for _ in 0..<60 {
            if case .success = await self.connection.store([job], timeout: .seconds(2))[0] {
                self.note(.jobs) { $0.answer(asked: asked) }
                self.state.withLock { _ = $0.stored.insert(person) }
                return
            }
            try? await Task.sleep(for: .milliseconds(500))
        }
        self.note(.jobs) { $0.fail("unstored", asked: asked) }
    }

    private static func message(to person: String) -> [UInt8] {
        Array(#"{"to":"\#(person)","text":"Yes, it is."}"#.utf8)
    }

    // MARK: Judging

    /// What the journal says of those that count as done: how many never reached Graph, how many did twice.
    func judge(_ kind: Kind, by journal: GraphJournal) -> [(name: String, value: Int)] {
        let (answered, unheard, stored) = self.state.withLock { ($0.answered, $0.unheard, $0.stored) }
        func count(_ people: Set<String>, _ isMeant: (Int) -> Bool) -> Int {
            people.count { isMeant(journal.arrivals[$0]?.count ?? 0) }
        }
        return switch kind {
        case .webhooks: []
        case .requests:
            [
                ("unsent", count(answered) { $0 == 0 }), ("twice", count(answered.union(unheard)) { $0 > 1 }),
                ("unheard_but_sent", count(unheard) { $0 > 0 }),
            ]
        case .jobs:
            [
                ("unsent", count(stored) { $0 == 0 }), ("twice", count(stored) { $0 > 1 }),
                ("sending_gap_ms", journal.longestGap(between: stored)),
            ]
        }
    }
}

extension SteadyTraffic.Kind {
    /// Tells the kinds apart in numbers.
    fileprivate var digit: Int {
        switch self {
        case .webhooks: 1
        case .requests: 2
        case .jobs: 3
        }
    }
}
