import TestSupport

/// Posts webhooks over many connections at once, each again until it is answered 200, as Meta does.
struct WebhookLoad: Sendable {
    /// What came of it.
    struct Outcome: Sendable {
        /// Message IDs of webhooks that were answered 200.
        var accepted: Set<String> = []
        /// Those that were not, by the time the load was stopped.
        var abandoned: Set<String> = []
        /// How often each status was answered.
        var answers: [Int: Int] = [:]
        /// How often a connection broke before there was an answer.
        var broken = 0
        /// How often a connection was refused.
        var refused = 0
    }

    let gateway: Gateway
    let seed: Seed
    private let outcome = Watched(Outcome())
    private let isStopping = Watched(false)

    /// - Parameter seed: what sizes are drawn from.
    init(on gateway: Gateway, seed: Seed) {
        self.gateway = gateway
        self.seed = seed
    }

    /// Works over so many connections until it is stopped.
    ///
    /// - Parameter repeats: whether a webhook that was not answered 200 is posted again until it is; else the
    ///   connection's work is over with it.
    func run(connections: Int, repeats: Bool = true) async -> Outcome {
        await withTaskGroup(of: Void.self) { group in
            for connection in 0..<connections {
                var generator = SeededGenerator(seed: self.seed.value &+ UInt64(connection))
                let size = Int.random(in: 1...2000, using: &generator)
                group.addTask { await self.work(connection, textLength: size, repeats: repeats) }
            }
        }
        return self.outcome.current
    }

    /// Lets no connection begin another webhook.
    func stop() { self.isStopping.update { $0 = true } }

    var accepted: Int { self.outcome.read { $0.accepted.count } }

    /// Waits until so many more webhooks have been accepted.
    func waitForMore(_ count: Int, within limit: Duration = .seconds(20)) async throws {
        let outcome = self.outcome
        let goal = self.accepted + count
        _ = try await outcome.first(within: limit, what: "\(goal) webhooks accepted; \(outcome.read { $0.answers })") {
            $0.accepted.count >= goal ? true : nil
        }
    }

    private func work(_ number: Int, textLength: Int, repeats: Bool) async {
        let text = String(repeating: "x", count: textLength)
        var connection: RawConnection?
        var count = 0
        while !self.isStopping.current {
            count += 1
            let id = "wamid.\(number)-\(count)"
            let request = self.gateway.webhookRequest(WebhookBody.text(id: id, text: text))
            var status: Int?
            repeat {
                if status != nil || count > 1 && connection == nil { try? await Task.sleep(for: .milliseconds(5)) }
                status = await self.answer(to: request, over: &connection)
                self.note(status, of: id)
            } while repeats && status != 200 && !self.isStopping.current
            if status != 200 && !repeats { break }
        }
    }

    private func note(_ status: Int?, of id: String) {
        self.outcome.update { outcome in
            if let status { outcome.answers[status, default: 0] += 1 }
            if status == 200 {
                outcome.accepted.insert(id)
                outcome.abandoned.remove(id)
            } else {
                outcome.abandoned.insert(id)
            }
        }
    }

    /// The status of the answer; nil when the connection could not be made, or broke.
    private func answer(to request: [UInt8], over connection: inout RawConnection?) async -> Int? {
        if connection == nil {
            connection = try? await RawConnection.connect(port: self.gateway.settings.port)
        }
        guard let open = connection else {
            self.outcome.update { $0.refused += 1 }
            return nil
        }
        do {
            try await open.send(request)
            let reply = try await open.reply(within: .seconds(15))
            if reply[header: "Connection"]?.lowercased() == "close" {
                await open.close()
                connection = nil
            }
            return reply.status
        } catch {
            self.outcome.update { $0.broken += 1 }
            await open.close()
            connection = nil
            return nil
        }
    }
}
