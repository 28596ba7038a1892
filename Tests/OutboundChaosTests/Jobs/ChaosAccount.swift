/// An account that both hosts serve.
struct ChaosAccount: Hashable, Sendable {
    let name: String
    let phoneNumberID: String

    static let all = [
        ChaosAccount(name: "acme", phoneNumberID: "106540352242922"),
        ChaosAccount(name: "support", phoneNumberID: "987654321"),
    ]

    var token: String { "token-of-\(self.name)" }
}
