import NIOCore
import NIOHTTP1
import TraceContext

/// What is done with each part of a request.
extension Connection {
    func handle(_ event: Event) {
        switch (self.state, event) {
        case (.closing, _), (.closed, _), (.inWork, _): break
        case (.idle, .part(.head(let head))): self.begin(head)
        case (.body, .part(.body(let part))): self.collect(part)
        case (.body, .part(.end)): self.completeBody()
        case (.discarding, .part(.body)): break
        case (.discarding, .part(.end)): self.endRequest()
        // Parts in an order the decoder does not produce.
        case (.idle, .part), (.body, .part), (.discarding, .part): self.cut()
        // That request was answered already.
        case (.discarding, .malformed), (.discarding, .inputEnded): self.linger()
        case (.idle, .malformed(let answer)), (.body, .malformed(let answer)): self.answerLast(answer)
        // Within a head or a body the decoder has called that malformed before.
        case (.idle, .inputEnded), (.body, .inputEnded): self.closeWhenWritten()
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        self.number += 1
        self.rules = self.loop.rules
        if self.requestStart == nil { self.requestStart = .now() }
        let fields = RequestFields(head.headers, mayExpect: head.version.minor > 0)
        let route = Route(method: head.method, target: head.uri)
        self.kind = route.kind
        // After an offered upgrade the decoder reads nothing more; HTTP/1.0 knows no kept connection.
        self.closesAfterAnswer =
            !head.isKeepAlive || head.version.minor == 0 || fields.offersUpgrade || head.method == .CONNECT
        if fields.expectation == .other {
            self.answer(.expectationFailed, before: fields)
            return
        }
        switch route {
        case .webhook:
            self.beginWebhook(fields)
        case .verification(let query):
            if let challenge = self.rules.challenge.answer(to: query) {
                self.answer(.text(challenge), before: fields)
            } else {
                self.resources.refusedVerifications.refused(on: self.loop.eventLoop)
                self.answer(.forbidden, before: fields)
            }
        case .health(let withBody):
            self.answer(.text(Array("ok".utf8), sendsBody: withBody), before: fields)
        case .methodNotAllowed(let allowed):
            self.answer(.methodNotAllowed(allowed: allowed), before: fields)
        case .notFound:
            self.answer(.notFound, before: fields)
        }
    }

    private func beginWebhook(_ fields: RequestFields) {
        let verdict = HeadVerdict(
            fields, signature: self.rules.signature, maxBodyBytes: self.rules.maxBodyBytes,
            isFull: self.resources.inFlight.isReached(self.rules.maxInFlight),
            retryAfterSeconds: self.limits.retryAfterSeconds)
        switch verdict {
        case .refuse(let answer):
            if answer == .unauthorized { self.resources.refusedSignatures.refused(on: self.loop.eventLoop) }
            self.answer(answer, before: fields)
        case .readBody(let claim, let announced):
            self.body = IncomingBody(
                collector: BodyCollector(announced: announced, limit: self.rules.maxBodyBytes), claim: claim,
                trace: fields.trace)
            self.state = .body
            if fields.expectation == .continue100, fields.body != .none {
                self.write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
            }
        }
    }

    // MARK: Body

    private func collect(_ part: ByteBuffer) {
        // Nobody asked for these bytes: the client has closed its side, and the channel empties the socket for that.
        if self.body?.isWaiting ?? true {
            self.answerLast(.unavailable(retryAfterSeconds: self.limits.retryAfterSeconds))
        } else if self.body?.collector.append(part) == false {
            self.answerLast(.contentTooLarge)
        }
    }

    /// Asks for the bytes of a body that turns out to be no small one.
    func askForShare() {
        guard self.state == .body, let body = self.body, case .none = body.share,
            body.collector.bytes.count > self.limits.unreservedBodyBytes
        else { return }
        if self.resources.bodies.reserve(body.amount) {
            self.body?.share = .held(since: .now(), countThen: body.collector.bytes.count)
            return
        }
        let bound = NIOLoopBound(self, eventLoop: self.loop.eventLoop)
        let number = self.number
        let place = self.resources.bodies.wait(for: body.amount) {
            bound.eventLoop.execute { bound.value.shareGranted(number) }
        }
        self.body?.share = .awaited(place)
    }

    private func shareGranted(_ number: UInt64) {
        // Whoever left the queue too late has given the bytes back.
        guard number == self.number, let body = self.body, body.isWaiting else { return }
        self.body?.share = .held(since: .now(), countThen: body.collector.bytes.count)
        self.settle()
    }

    /// Gives up a body that was being read, and its share.
    func abandonBody() {
        guard let body = self.body else { return }
        self.body = nil
        switch body.share {
        case .none: break
        case .awaited(let place): if !self.resources.bodies.leave(place) { self.resources.bodies.release(body.amount) }
        case .held: self.resources.bodies.release(body.amount)
        }
    }

    /// Whether its body takes up room that others wait for, and does not come.
    func isTooSlow(at now: NIODeadline) -> Bool {
        self.body?.isSlower(than: self.limits.minContendedRate, at: now) ?? false
    }

    private func completeBody() {
        guard let body = self.body else { return }
        guard self.rules.signature.accepts(body.collector.bytes, claiming: body.claim) else {
            self.abandonBody()
            self.resources.refusedSignatures.refused(on: self.loop.eventLoop)
            self.finish(with: .unauthorized)
            return
        }
        guard self.resources.inFlight.enter(self.rules.maxInFlight) else {
            self.abandonBody()
            self.finish(with: .unavailable(retryAfterSeconds: self.limits.retryAfterSeconds))
            return
        }
        self.body = nil
        var heldBytes = 0
        if case .held = body.share {
            heldBytes = body.collector.bytes.count
            self.resources.bodies.release(body.amount - heldBytes)
        }
        self.receive(body.collector.bytes, trace: body.trace, heldBytes: heldBytes)
    }

    // MARK: Receiver

    private func receive(_ bytes: [UInt8], trace: TraceHeaders, heldBytes: Int) {
        self.state = .inWork
        let number = self.number
        self.work = (number, heldBytes)
        self.loop.workBegan()
        let bound = NIOLoopBound(self, eventLoop: self.loop.eventLoop)
        self.rules.receiver.receive(bytes, trace: trace) { verdict in
            if bound.eventLoop.inEventLoop {
                bound.value.decided(verdict, number)
            } else {
                bound.eventLoop.execute { bound.value.decided(verdict, number) }
            }
        }
    }

    private func decided(_ verdict: WebhookVerdict, _ number: UInt64) {
        guard let work = self.work, work.number == number else { return }
        self.work = nil
        self.resources.inFlight.leave()
        self.resources.bodies.release(work.heldBytes)
        if self.state == .inWork {
            self.finish(with: Answer(verdict))
            self.resume()
        }
        self.loop.workEnded()
    }
}
