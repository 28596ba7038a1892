import NIOCore

/// How answers are written, and how a connection ends.
extension Connection {
    /// Answers a request whose body, if it has one, is not wanted.
    func answer(_ answer: Answer, before fields: RequestFields) {
        switch fields.body {
        case .none:
            break
        case .sized(let length) where length <= Self.maxDiscardedBytes && fields.expectation == .none:
            break
        case .sized, .chunked:
            self.answerLast(answer)
            return
        }
        self.write(answer)
        self.state = .discarding
    }

    /// Answers a request that was read to its end.
    func finish(with answer: Answer) {
        self.write(answer)
        self.endRequest()
    }

    /// Answers, tells that nothing more will be read, and closes.
    func answerLast(_ answer: Answer) {
        self.abandonBody()
        self.closesAfterAnswer = true
        self.write(answer)
        self.linger()
    }

    /// The request is read and answered: the next may come.
    func endRequest() {
        self.hasServed = true
        self.hasServedSincePlaced = true
        guard !self.closesAfterAnswer else {
            self.linger()
            return
        }
        let hasMore = self.bytesCameDuringWork || !self.waiting.isEmpty
        self.state = .idle
        self.kind = .other
        self.requestStart = hasMore ? .now() : nil
        self.bytesCameDuringWork = false
    }

    /// The request at hand, or the answers the client does not read, took too long.
    func timeOut() {
        switch self.state {
        case .idle where self.requestStart != nil: self.answerLast(.requestTimeout)
        case .body where self.body?.isWaiting ?? false:
            // Its client is not to blame.
            self.answerLast(.unavailable(retryAfterSeconds: self.limits.retryAfterSeconds))
        case .body: self.answerLast(.requestTimeout)
        case .idle, .discarding, .inWork, .closing, .closed: self.cut()
        }
        self.settle()
    }

    /// Closes at once, whatever is unread or unwritten.
    func cut() {
        guard let context = self.context else { return }
        self.channelIsGone()
        context.close(promise: nil)
    }

    /// Closes this side only, and swallows what still comes until the client closes too, or its time is over.
    ///
    /// Closing with bytes unread would send a reset, which may destroy the answer before the client has read it.
    func linger() {
        guard let context = self.context else { return }
        self.state = .closing
        self.abandonBody()
        self.waiting.removeAll()
        self.needsFlush = false
        if self.inputHasEnded {
            self.closeWhenWritten()
        } else {
            context.flush()
            context.close(mode: .output, promise: nil)
        }
    }

    /// Closes once all answers are with the kernel.
    func closeWhenWritten() {
        guard let context = self.context else { return }
        self.state = .closing
        self.needsFlush = false
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer()), promise: written)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in bound.value.cut() }
    }

    func write(_ answer: Answer) {
        if self.loop.isDraining { self.closesAfterAnswer = true }
        if answer == .ok, !self.closesAfterAnswer {
            self.write(self.loop.accepted)
        } else {
            self.write(answer.bytes(closes: self.closesAfterAnswer))
        }
        let now = NIODeadline.now()
        let duration = Duration.nanoseconds((now - (self.requestStart ?? now)).nanoseconds)
        let outcome = RequestOutcome(kind: self.kind, status: answer.status, duration: duration)
        self.resources.requestAnswered(outcome)
        // What has come to the receiver the receiver tells.
        if self.state != .inWork { self.resources.logger.refused(outcome) }
    }

    func write(_ bytes: ByteBuffer) {
        self.context?.write(Self.wrapOutboundOut(bytes), promise: nil)
        self.needsFlush = true
    }
}
