/// The variables of the gateway, each with its form and default.
package enum Variables {
    // MARK: NATS

    package static let natsURL = Variable(
        "NATS_URL", .natsServers, default: "nats://localhost:4222", "the NATS server, or several")
    package static let natsCreds = Variable(
        "NATS_CREDS", .path, "a NATS .creds file, with JWT and NKey")
    package static let natsCA = Variable(
        "NATS_CA", .path, "PEM file of the CAs that NATS servers are checked against; none: the system's")
    package static let natsCert = Variable(
        "NATS_CERT", .path, "PEM file of the client certificate for mutual TLS with NATS, together with NATS_KEY")
    package static let natsKey = Variable(
        "NATS_KEY", .path, "PEM file of the client certificate's key, together with NATS_CERT")

    // MARK: Streams

    package static let streamReplicas = Variable(
        "STREAM_REPLICAS", .integer(in: 1...5), default: "1", "copies of a stream, when it is created")
    package static let streamStorage = Variable(
        "STREAM_STORAGE", ValueForm<StreamStorage>.choice, default: "file",
        "where a stream is kept, when it is created; memory does not survive the server")
    package static let streamMaxAge = Variable(
        "STREAM_MAX_AGE", .duration(from: "1s", to: "3650d"), default: "72h",
        "how long WHATSAPP_IN keeps events, when it is created")
    package static let streamMaxBytes = Variable(
        "STREAM_MAX_BYTES", .byteCount(atLeast: 1024),
        "the most a stream keeps, when it is created; none: no limit")
    package static let streamDedupeWindow = Variable(
        "STREAM_DEDUPE_WINDOW", .duration(from: "100ms", to: "3650d"), default: "1h",
        "how long repeats are stored once, when a stream is created; no longer than STREAM_MAX_AGE")

    // MARK: Logs

    package static let logLevel = Variable(
        "LOG_LEVEL", ValueForm<LogLevel>.choice, default: "info", "the least important level that is logged")
    package static let logFormat = Variable(
        "LOG_FORMAT", ValueForm<LogFormat>.choice, default: "auto", "the form of log lines on stderr")
}
