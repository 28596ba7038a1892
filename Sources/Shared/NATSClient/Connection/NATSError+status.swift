import CNATS

extension NATSError {
    /// What a status of the client library means to a caller; `nil` for success.
    init?(_ status: natsStatus, _ what: String) {
        guard status != NATS_OK else { return nil }
        let code: Code =
            switch status {
            case NATS_TIMEOUT: .timeout
            case NATS_NO_RESPONDERS: .noResponders
            case NATS_MAX_PAYLOAD: .tooLarge
            case NATS_INVALID_SUBJECT, NATS_INVALID_ARG, NATS_NOT_PERMITTED: .refused
            default: .disconnected
            }
        self.init(code, "\(what): \(natsStatus_GetText(status).map { String(cString: $0) } ?? "error")")
    }
}
