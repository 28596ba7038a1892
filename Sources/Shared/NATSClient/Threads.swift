import CNATS
import Glibc
import Logging

/// Starts a thread that nobody joins: it ends when `body` returns.
func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void
        init(_ name: String, _ body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    defer { pthread_attr_destroy(&attributes) }
    var thread = pthread_t()
    let start = Unmanaged.passRetained(Start(name, body))
    let status = pthread_create(
        &thread, &attributes,
        { context in
            guard let context else { return nil }
            let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
            start.body()
            return nil
        }, start.toOpaque())
    precondition(status == 0, "no thread can be started: \(String(cString: strerror(status)))")
}

/// cnats below 3.11 shares one TLS object between two threads without a lock, and below 3.8 one NKey log-in in 256
/// fails; the log-in is tried again, the other cannot be cured from here.
func warnOfOldClientLibrary(_ logger: Logger) {
    let version = nats_GetVersionNumber()
    guard version < 0x030B00 else { return }
    logger.warning(
        "TLS or credentials with a cnats older than 3.11: a connection may break under load; build against a newer one",
        metadata: ["cnats": "\(nats_GetVersion().map { String(cString: $0) } ?? "unknown")"])
}
