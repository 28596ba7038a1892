import Settings

extension CallResult {
    /// What the error object says, as far as it decides what is done.
    var errorFacts: GraphVerdict.ErrorFacts? {
        guard case .refused(_, let error?) = self else { return nil }
        return GraphVerdict.ErrorFacts(
            code: error.code, isTransient: error.isTransient ?? false, details: error.details)
    }

    /// A few words for the log.
    var summary: String {
        switch self {
        case .sent(let answer): "sent, status \(answer.status)"
        case .refused(let answer, let error):
            "refused, status \(answer.status), code \(error?.code.map(String.init) ?? "none")"
        case .unreached(let reason): "not written: \(reason)"
        case .unknown(let reason, _): "unknown: \(reason)"
        }
    }
}

extension OutboundCall {
    /// What a decision about the call's outcome has to know of it.
    var traits: GraphVerdict.CallTraits {
        GraphVerdict.CallTraits(
            countsForRate: self.countsForRate, isRepeatable: self.isRepeatable, namesItsPath: self.namesItsPath)
    }
}

extension GraphVerdict {
    /// The same, without the access token where Graph quotes it: of all verdicts a pause alone keeps an answer.
    func redacting(_ token: Secret) -> GraphVerdict {
        guard case .pauseAccount(let answer) = self else { return self }
        return .pauseAccount(answer.redacting(token))
    }
}
