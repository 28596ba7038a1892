extension Variables {
    package static let webhookVerifyToken = Variable(
        "WEBHOOK_VERIFY_TOKEN", .line("the verify token"),
        "what Meta sends in hub.verify_token; none: every verification is refused")
    package static let appSecret = Variable(
        "APP_SECRET", .words("an app secret"),
        "checks X-Hub-Signature-256; several while one is being rotated; none: the ingress refuses to start")
    package static let ingressAllowUnsigned = Variable(
        "INGRESS_ALLOW_UNSIGNED", .boolean, default: "false",
        "lets the ingress start without APP_SECRET and take unsigned webhooks from anyone")
    package static let host = Variable(
        "HOST", .host, default: "0.0.0.0", "where the ingress listens, unless systemd passes a socket")
    package static let port = Variable(
        "PORT", .integer(in: 1...65535), default: "8080", "the port on which the ingress listens")
    package static let ingressDelivery = Variable(
        "INGRESS_DELIVERY", ValueForm<IngressDelivery>.choice, default: "jetstream",
        "jetstream: answer 200 when every event is stored; core: when the NATS server has taken it")
    package static let ingressMaxBodyBytes = Variable(
        "INGRESS_MAX_BODY_BYTES", .integer(in: 1...(64 << 20)), default: "4194304", "larger bodies get 413")
    package static let ingressAckTimeout = Variable(
        "INGRESS_ACK_TIMEOUT_MS", .milliseconds(in: 10...60_000), default: "4000",
        "no ack from NATS by then: 503, so that Meta sends it again")
    package static let ingressMaxInFlight = Variable(
        "INGRESS_MAX_IN_FLIGHT", .integer(in: 1...65536), default: "1024",
        "requests being processed at once; more get 503")
    package static let ingressAdmin = Variable(
        "INGRESS_ADMIN", .adminAddress, default: "127.0.0.1:9180", "health, readiness and metrics of the ingress")
}

/// When the ingress answers 200.
package enum IngressDelivery: String, Hashable, Sendable, CaseIterable {
    /// When every event is stored in the stream.
    case jetstream
    /// When the NATS server has taken every event.
    case core
}

extension SettingsReader {
    /// The app secrets; none is noted, unless unsigned webhooks are allowed.
    package mutating func appSecrets() -> [Secret] {
        let isUnsignedAllowed = self.value(Variables.ingressAllowUnsigned)
        let secrets = self.value(Variables.appSecret)
        if secrets == nil, !isUnsignedAllowed, !self.isWrong(Variables.appSecret.name) {
            self.problem(
                Variables.appSecret.name,
                "expected the app secret, or INGRESS_ALLOW_UNSIGNED=true to take unsigned webhooks from anyone")
        }
        return secrets ?? []
    }
}
