import CNATS
import Logging

/// cnats below 3.11 shares one TLS object between two threads without a lock, and below 3.8 one NKey log-in in 256
/// fails; the log-in is tried again, the other cannot be cured from here.
func warnOfOldClientLibrary(_ logger: Logger) {
    let version = nats_GetVersionNumber()
    guard version < 0x030B00 else { return }
    logger.warning(
        "TLS or credentials with a cnats older than 3.11: a connection may break under load; build against a newer one",
        metadata: ["cnats": "\(nats_GetVersion().map { String(cString: $0) } ?? "unknown")"])
}
