/// A variable as a list can hold it, whatever its value's type.
package struct KnownVariable: Sendable {
    package let name: String
    package let meaning: String
    package let expected: String
    /// Empty where there is no default.
    package let defaultText: String
    /// Notes what is wrong with the variable's value.
    package let check: @Sendable (inout SettingsReader) -> Void

    init<Value>(_ variable: Variable<Value>) {
        self.name = variable.name
        self.meaning = variable.meaning
        self.expected = variable.form.expected
        self.defaultText = variable.defaultText
        self.check = { reader in _ = reader.value(variable) }
    }
}

/// Variables of which every account may have one, such as `TOKEN_<NAME>`.
package struct VariableFamily: Sendable {
    package let prefix: String
    package let meaning: String
    /// A made-up variable of the family for `sample.env`.
    package let example: String
}

/// Every variable that the gateway reads: the one list behind the checks, `sample.env` and the credentials directory.
package enum KnownVariables {
    package static let all: [KnownVariable] = nats + ingress + egress + supervisor + logs + streams

    /// What ingress and egress both read.
    package static let shared = nats + logs + streams

    package static let accounts = VariableFamily(
        prefix: "WA_",
        meaning: "an account: <phone number ID>:<access token>, or the ID alone with the token in TOKEN_<NAME>",
        example: "WA_SHOP=106540352242922")
    package static let tokens = VariableFamily(
        prefix: "TOKEN_", meaning: "an account's access token, where WA_<NAME> does not hold it",
        example: "TOKEN_SHOP=EAAG...")
    package static let rates = VariableFamily(
        prefix: "EGRESS_RATE_", meaning: "as EGRESS_RATE_PER_SECOND, for one account", example: "EGRESS_RATE_SHOP=80")
    package static let families = [accounts, tokens, rates]

    /// Whether the gateway reads a variable of this name.
    package static func include(_ name: String) -> Bool {
        names.contains(name) || families.contains { name.hasPrefix($0.prefix) && name != $0.prefix }
    }

    private static let names = Set(all.map(\.name))

    private static let nats = [
        KnownVariable(Variables.natsURL), KnownVariable(Variables.natsCreds), KnownVariable(Variables.natsCA),
        KnownVariable(Variables.natsCert), KnownVariable(Variables.natsKey),
    ]
    package static let ingress = [
        KnownVariable(Variables.webhookVerifyToken), KnownVariable(Variables.appSecret),
        KnownVariable(Variables.ingressAllowUnsigned), KnownVariable(Variables.host), KnownVariable(Variables.port),
        KnownVariable(Variables.ingressDelivery), KnownVariable(Variables.ingressMaxBodyBytes),
        KnownVariable(Variables.ingressAckTimeout), KnownVariable(Variables.ingressMaxInFlight),
        KnownVariable(Variables.ingressAdmin),
    ]
    package static let egress = [
        KnownVariable(Variables.apiVersion), KnownVariable(Variables.graphURL),
        KnownVariable(Variables.egressMaxInFlight), KnownVariable(Variables.egressMaxWaiting),
        KnownVariable(Variables.egressMaxHeld), KnownVariable(Variables.egressRatePerSecond),
        KnownVariable(Variables.egressGraphTimeout), KnownVariable(Variables.egressMaxAttempts),
        KnownVariable(Variables.egressAdmin),
    ]
    private static let supervisor = [
        KnownVariable(Variables.egressWorkers), KnownVariable(Variables.egressReplicas),
        KnownVariable(Variables.supervisorComponents), KnownVariable(Variables.supervisorShard),
        KnownVariable(Variables.supervisorDrain), KnownVariable(Variables.supervisorWatchdog),
        KnownVariable(Variables.supervisorAdmin),
    ]
    private static let logs = [KnownVariable(Variables.logLevel), KnownVariable(Variables.logFormat)]
    private static let streams = [
        KnownVariable(Variables.streamReplicas), KnownVariable(Variables.streamStorage),
        KnownVariable(Variables.streamMaxAge), KnownVariable(Variables.streamMaxBytes),
        KnownVariable(Variables.streamDedupeWindow),
    ]
}
