/// What can be asked of services (ADR-32 of NATS).
enum ServiceVerb: String, CaseIterable, Sendable {
    case ping = "PING"
    case info = "INFO"
    case stats = "STATS"

    /// What the answer's `type` says.
    var answerType: String { "io.nats.micro.v1.\(self.rawValue.lowercased())_response" }

    /// The three subjects on which an instance is asked: all services, those of its name, it alone.
    func subjects(of identity: ServiceIdentity) -> [String] {
        let all = "$SRV.\(self.rawValue)"
        return [all, "\(all).\(identity.name)", "\(all).\(identity.name).\(identity.id)"]
    }
}
