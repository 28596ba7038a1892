/// What is to be done after a Graph API call, by Meta's error codes and this gateway's rules.
///
/// The HTTP status decides only where there is no usable code, as Meta advises. Subcodes decide nothing: no code's
/// retry hangs on one.
enum GraphVerdict: Hashable, Sendable {
    /// Meta accepted it.
    case done
    /// Refused for good, or until a person has changed something.
    case giveUp
    /// The access token no longer works: the account pauses, with this answer.
    case pauseAccount(GraphAnswer)
    /// Meta may have acted on it or not.
    case doubtful
    case retry(GraphRetry)
    /// Its lane did not let it be written: it alone waits, and is asked for again.
    case denied

    /// What an `error` object in the answer says, as far as it decides what is done.
    struct ErrorFacts: Hashable, Sendable {
        /// `code`, where it is a whole number.
        var code: Int?
        var isTransient = false
        /// `error_data.details`.
        var details: String?
    }

    /// What the verdict has to know of the call.
    struct CallTraits: Hashable, Sendable {
        /// Whether it goes to the number's own `/messages`.
        var countsForRate = true
        /// Whether doing it twice does no more than doing it once.
        var isRepeatable = false
        /// Whether it is a `raw` call to a path of its own choice, whose 401 says little about the token.
        var namesItsPath = false
    }

    /// Judges what became of a call.
    ///
    /// - Parameters:
    ///   - outcome: what the transport brought back.
    ///   - error: the answer's `error` object; `nil` where the answer has none.
    ///   - call: the call that was made.
    init(_ outcome: GraphOutcome, error: ErrorFacts?, of call: CallTraits) {
        switch outcome {
        case .notWritten: self = .retry(.notWritten)
        case .lost: self = Self.inDoubt(call)
        case .answered(let answer):
            if let code = error?.code {
                self = Self.byCode(code, error, answer, call)
            } else {
                self = Self.byStatus(answer, isRefusal: error != nil, call)
            }
        }
    }

    /// Whether the call that came to this was one of a job's attempts.
    ///
    /// Throttled and never written ones are not, nor those that a worn-out token has stopped.
    var countsAsAttempt: Bool {
        switch self {
        case .done, .giveUp, .doubtful: true
        case .pauseAccount, .denied: false
        case .retry(let retry): retry.countsAsAttempt
        }
    }

    /// Whether the try has neither settled the call nor left it in doubt.
    var leavesUnsent: Bool {
        switch self {
        case .retry, .pauseAccount, .denied: true
        case .done, .giveUp, .doubtful: false
        }
    }

    private static func inDoubt(_ call: CallTraits) -> GraphVerdict {
        call.isRepeatable ? .retry(.inDoubt) : .doubtful
    }

    /// For answers without a usable code.
    private static func byStatus(_ answer: GraphAnswer, isRefusal: Bool, _ call: CallTraits) -> GraphVerdict {
        switch answer.status {
        case 200...299: isRefusal ? .giveUp : .done
        case 401: call.namesItsPath ? .giveUp : .pauseAccount(answer)
        case 408, 500...: self.inDoubt(call)
        // A bare 429 is taken for the commonest throttle: the number's throughput.
        case 429: self.byCode(130429, nil, answer, call)
        default: .giveUp
        }
    }

    private static func byCode(
        _ code: Int, _ error: ErrorFacts?, _ answer: GraphAnswer, _ call: CallTraits
    ) -> GraphVerdict {
        if GraphErrorTable.pausesAccount(code, namesItsPath: call.namesItsPath) { return .pauseAccount(answer) }
        let isTransient = error?.isTransient ?? false
        guard let rule = GraphErrorTable.rule(for: code) else {
            return answer.status >= 500 || isTransient
                ? self.retry(.few(code), code: code, answer, call) : .giveUp
        }
        switch rule.retry {
        case .yes, .few: return self.retry(rule, code: code, answer, call)
        case .fewForLink:
            return self.speaksOfLink(error?.details) ? self.retry(rule, code: code, answer, call) : .giveUp
        case .no, .later: return .giveUp
        }
    }

    private static func retry(
        _ rule: GraphErrorRule, code: Int, _ answer: GraphAnswer, _ call: CallTraits
    ) -> GraphVerdict {
        var delays = rule.delays
        var atLeast = answer.retryAfter ?? .zero
        if delays == .untilRegained, let regainAccess = answer.regainAccess, regainAccess > .zero {
            delays = .fixed(.zero)
            atLeast = max(atLeast, regainAccess)
        }
        return .retry(
            GraphRetry(
                hold: self.hold(rule.scope, call), delays: delays, atLeast: atLeast,
                countsAsAttempt: !GraphErrorTable.isThrottle(code), lowersRate: code == 130429))
    }

    private static func hold(_ scope: GraphErrorRule.Scope, _ call: CallTraits) -> GraphRetry.Hold {
        switch scope {
        case .message, .recipient, .group: .call
        case .pair: .pair
        case .endpoint: call.countsForRate ? .kind : .call
        case .number, .waba, .app, .accountToken: .kind
        }
    }

    private static func speaksOfLink(_ details: String?) -> Bool {
        guard let details = details?.lowercased() else { return false }
        return details.contains("link") || details.contains("url")
    }
}
