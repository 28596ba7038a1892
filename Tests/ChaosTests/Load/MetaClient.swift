import TestSupport

/// Posts webhooks at a steady rate as Meta does: whatever is not answered 200 is posted again until it is.
final class MetaClient: Sendable {
    private let source: WebhookSource
    private let port: Int
    private let appSecret: String
    private let interval: Duration
    private let pool = ConnectionPool(limit: 64)
    private let isStopping = Watched(false)
    let record = Watched(LoadRecord())
    /// Whether all that was offered has been answered 200, repeats too.
    let isDone = Watched(false)

    /// - Parameter rate: webhooks a second, repeats not counted.
    init(_ source: WebhookSource, port: Int, appSecret: String, rate: Int) {
        self.source = source
        self.port = port
        self.appSecret = appSecret
        self.interval = .seconds(1) / rate
    }

    /// Offers webhooks until it is told to stop, then posts until each of them has been answered 200.
    ///
    /// Cancelling ends it at once.
    func run() async {
        await withDiscardingTaskGroup { group in
            var next = ContinuousClock.now
            var number = 0
            while !self.isStopping.current, !Task.isCancelled {
                let webhook = self.source.webhook(number)
                self.record.update { $0.offered(webhook, at: .now) }
                group.addTask { await self.deliver(webhook) }
                number += 1
                next += self.interval
                // Where the machine is too slow for the rate, it is not made up for later.
                next = max(next, .now - .milliseconds(100))
                try? await Task.sleep(until: next, clock: .continuous)
            }
        }
        self.isDone.update { $0 = !Task.isCancelled }
    }

    /// Offers no further webhooks.
    func stop() { self.isStopping.update { $0 = true } }

    private func deliver(_ webhook: PostedWebhook) async {
        let request = PlainHTTP.request(
            "POST", "/webhook",
            headers: [
                ("Content-Type", "application/json"),
                (
                    WebhookSignature.headerName,
                    WebhookSignature.headerValue(of: webhook.body, secret: self.appSecret)
                ),
            ], body: webhook.body)
        switch webhook.repetition {
        case .none:
            await self.post(request, of: webhook)
        case .atOnce:
            self.record.update { $0.repeated() }
            async let twin: Void = self.post(request, of: webhook)
            await self.post(request, of: webhook)
            await twin
        case .after(let pause):
            await self.post(request, of: webhook)
            try? await Task.sleep(for: pause)
            self.record.update { $0.repeated() }
            await self.post(request, of: webhook)
        }
    }

    /// Posts until there is a 200, with pauses of 0.1 s, 0.2 s … 1 s, each give or take a half.
    private func post(_ request: [UInt8], of webhook: PostedWebhook) async {
        var pause = 0.1
        while !Task.isCancelled {
            let connection = await self.pool.take()
            let start = ContinuousClock.now
            let (attempt, kept) = await self.attempt(request, over: connection)
            let now = ContinuousClock.now
            await self.pool.giveBack(kept)
            self.record.update { $0.tried(webhook, attempt, took: now - start, at: now) }
            if attempt.isAccepted { return }
            try? await Task.sleep(for: .seconds(pause * Double.random(in: 0.5...1.5)))
            pause = min(1, pause * 2)
        }
    }

    /// Posts once; returns the connection too if it can be used again.
    private func attempt(_ request: [UInt8], over kept: RawConnection?) async -> (Attempt, RawConnection?) {
        let connection: RawConnection
        do {
            connection = if let kept { kept } else { try await RawConnection.connect(port: self.port) }
        } catch {
            return (.refused("\(error)"), nil)
        }
        do {
            try await connection.send(request)
            let reply = try await connection.reply(within: .seconds(15))
            if reply[header: "Connection"]?.lowercased() != "close" { return (.answered(reply), connection) }
            await connection.close()
            return (.answered(reply), nil)
        } catch let overdue as Overdue {
            await connection.close()
            return (.unanswered("no answer: \(overdue)"), nil)
        } catch {
            await connection.close()
            return (.cut(isReused: kept != nil), nil)
        }
    }
}
