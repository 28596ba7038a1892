import Addressing
import JSONBytes
import NATSClient

/// The answer to a request: what the requester gets on its reply subject.
struct Reply: Hashable, Sendable {
    /// Graph's answer byte for byte, or `{"error":{"message":…,"type":…,"code":…}}` of the gateway's own.
    let payload: [UInt8]
    /// `nil` where the call was sent.
    let failure: Failure?

    /// What Graph said, or where it said nothing usable, what the gateway can say of it.
    init(_ result: CallResult) {
        switch result {
        case .sent(let answer): self.init(payload: answer.body, failure: nil)
        case .refused(let answer, let error?):
            self.init(payload: answer.body, failure: .refused(error, status: answer.status))
        case .refused(let answer, nil): self.init(.refused(status: answer.status))
        case .unreached(let reason): self.init(.unreached(reason))
        case .unknown(let reason, _): self.init(.unknown(reason))
        }
    }

    /// A failure that Graph did not put into words.
    init(_ failure: Failure) {
        var writer = JSONWriter()
        writer.object { reply in
            reply.member("error") { error in
                error.member("message", string: failure.message)
                error.member("type", string: failure.type)
                error.member("code", int: failure.code)
            }
        }
        self.init(payload: writer.bytes, failure: failure)
    }

    private init(payload: [UInt8], failure: Failure?) {
        self.payload = payload
        self.failure = failure
    }

    /// The two headers of NATS' service protocol (ADR-32) on a failure, none otherwise.
    var headers: [(String, String)] {
        guard let failure else { return [] }
        return [
            ("Nats-Service-Error-Code", String(failure.status)),
            ("Nats-Service-Error", HeaderText.encode(failure.message)),
        ]
    }

    /// The same reply, or `ReplyTooLarge` in its place where payload and headers are over the server's limit.
    ///
    /// - Parameter maxPayload: the server's `max_payload` in bytes, against which it counts headers too.
    func fitting(maxPayload: Int) -> Reply {
        let headers = self.headers
        let lines = headers.reduce(0) { $0 + NATSHeader.lineSize($1.0, $1.1) }
        let size = self.payload.count + (headers.isEmpty ? 0 : NATSHeader.blockSize + lines)
        if size <= maxPayload { return self }
        return Reply(.replyTooLarge(bytes: self.payload.count, limit: maxPayload))
    }
}
