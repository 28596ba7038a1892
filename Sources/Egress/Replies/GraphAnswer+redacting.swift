import Settings

extension GraphAnswer {
    /// The answer with `<redacted>` wherever its body has the access token.
    ///
    /// Graph quotes a token that it cannot read: `Malformed access token EAAG…`. A text of less than 8 bytes is no
    /// token that Meta gives out, and would spoil answers that happen to have it in them.
    func redacting(_ token: Secret) -> GraphAnswer {
        let token = Array(token.revealed.utf8)
        guard let first = token.first, token.count >= 8, self.body.count >= token.count else { return self }
        var redacted: [UInt8] = []
        var rest = self.body[...]
        while let start = rest.firstIndex(of: first) {
            let isToken = rest[start...].starts(with: token)
            redacted += rest[..<start]
            redacted += isToken ? Array("<redacted>".utf8)[...] : rest[start...start]
            rest = rest[(start + (isToken ? token.count : 1))...]
        }
        return GraphAnswer(
            status: self.status, body: redacted + rest, retryAfter: self.retryAfter, regainAccess: self.regainAccess)
    }
}
