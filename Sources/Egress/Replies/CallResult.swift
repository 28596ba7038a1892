import Settings

/// What a Graph call came to: whether the message went out, and how sure that is.
///
/// By ERRORS.md an `error` object decides, whatever the HTTP status; the status decides only where there is none.
enum CallResult: Hashable, Sendable {
    /// Accepted by Meta; the answer need not be JSON.
    case sent(GraphAnswer)
    /// Refused before acceptance. No error object: a 3xx or 4xx whose body says nothing that can be read.
    case refused(GraphAnswer, GraphError?)
    /// Certainly not sent: nothing of it was written.
    case unreached(reason: String)
    /// It may have been sent: cut or timed out after writing, or answered in a way that leaves it open.
    case unknown(reason: String, GraphAnswer?)

    /// Judges the outcome of a call.
    ///
    /// - Parameters:
    ///   - action: `raw` gets Graph's answer as it is; for all others, and in every error message, the token is
    ///     redacted.
    ///   - token: the access token that the call was made with.
    init(_ outcome: GraphOutcome, of action: Action, token: Secret) {
        switch outcome {
        case .answered(let answer):
            let redacted = answer.redacting(token)
            self.init(action == .raw ? answer : redacted, GraphError(in: redacted.body))
        case .notWritten(let reason): self = .unreached(reason: reason)
        case .lost(let reason): self = .unknown(reason: reason, nil)
        }
    }

    private init(_ answer: GraphAnswer, _ error: GraphError?) {
        if let error {
            self = .refused(answer, error)
            return
        }
        switch answer.status {
        case 200...299: self = .sent(answer)
        // 408: a server gave up while the request was under way, which need not mean that Meta did.
        case 408: self = .unknown(reason: "HTTP status 408 without an error object", answer)
        case 300...499: self = .refused(answer, nil)
        default: self = .unknown(reason: "HTTP status \(answer.status) without an error object", answer)
        }
    }

    /// What Graph answered; `nil` where nothing whole came.
    var answer: GraphAnswer? {
        switch self {
        case .sent(let answer), .refused(let answer, _): answer
        case .unreached: nil
        case .unknown(_, let answer): answer
        }
    }

    /// Why it is not known to be sent; `nil` where it is.
    var failure: Failure? {
        switch self {
        case .sent: nil
        case .refused(let answer, let error?): .refused(error, status: answer.status)
        case .refused(let answer, nil): .refused(status: answer.status)
        case .unreached(let reason): .unreached(reason)
        case .unknown(let reason, _): .unknown(reason)
        }
    }
}
