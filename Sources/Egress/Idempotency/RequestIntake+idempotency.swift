import NATSClient

extension RequestIntake {
    /// Sees one request with an idempotency key through: claims the key, has it sent, keeps or frees the key, answers.
    func attend(_ keyed: KeyedRequest) async {
        defer { self.keyedCount.leave() }
        let request = keyed.request
        do throws(NATSError) {
            let left = max(.zero, request.writeBy - .now)
            // Connecting has the same time again.
            switch try await self.idempotency.claim(keyed.key, runningFor: left + self.callTime + self.callTime) {
            case .first(let revision):
                await self.sendOnce(keyed, revision: revision)
            case .running:
                self.answer(request, Reply(.inProgress))
            case .unknown:
                self.answer(request, Reply(.unknown("the worker that had the first request with this key has died")))
            case .answered(let payload, let headers):
                self.repeatAnswer(payload, headers, to: request)
            }
        } catch {
            self.answer(request, Reply(.unreached("Wa-Idempotency-Key needs JetStream: \(error)")))
        }
    }

    private func sendOnce(_ keyed: KeyedRequest, revision: UInt64) async {
        let end = await withCheckedContinuation { continuation in
            self.submit(keyed.request) { end, _ in continuation.resume(returning: end) }
        }
        let reply = self.reply(to: keyed.request, end)
        do throws(NATSError) {
            if end.isCertainlyUnsent {
                try await self.idempotency.free(keyed.key, after: revision)
            } else {
                let kept = reply.fitting(maxPayload: self.connection.maximumPayload - 1024)
                try await self.idempotency.keep(
                    keyed.key, payload: kept.payload, headers: kept.headers.map { NATSHeader($0.0, $0.1) },
                    after: revision)
            }
        } catch {
            // The claim stays until its time is over; a repeat then gets 'unknown', never a second send.
        }
        self.answer(keyed.request, reply)
    }

    /// Gives a requester the reply that the first one had; its failure has been told.
    private func repeatAnswer(_ payload: [UInt8], _ headers: [NATSHeader], to request: AcceptedRequest) {
        if let subject = request.received.message.reply {
            self.connection.publish(OutgoingMessage(subject: subject, headers: headers, payload: payload))
        }
        let status = headers.first { $0.name == "Nats-Service-Error-Code" }?.value
        self.ended(
            request.received, request.call.action, .repeated, nil,
            error: status.map { "\($0):as the first request with this key" })
    }
}

extension SendEnd {
    /// Whether Meta certainly has not accepted the message: the same request may be sent again.
    fileprivate var isCertainlyUnsent: Bool {
        switch self {
        case .paused, .overloaded, .outOfTime, .settled(.refused), .settled(.unreached): true
        case .settled(.sent), .settled(.unknown), .outOfAttempts, .withdrawn: false
        }
    }
}
