import Daemon
import Settings

/// Carries calls to the Graph API over libcurl's multi interface, on a thread of its own.
///
/// HTTP/1.1 over kept connections, as many as calls may be in flight; TLS verified against the system's certificate
/// authorities; no redirect, no cookie, no compression, and no proxy but what `GRAPH_URL` names: `http_proxy` and its
/// relatives are not looked at. A request is written at most once, whatever becomes of its connection.
final class CurlTransport: GraphTransport {
    private let inbox: CurlInbox
    private let thread: BlockingThread
    private let pulse: Pulse

    /// Starts the thread; nothing is connected before the first call.
    ///
    /// - Parameters:
    ///   - endpoint: where the Graph API is.
    ///   - version: the gateway's own version, for `User-Agent: whatsapp-bot-nats/<version>`.
    ///   - maxInFlight: calls and connections at once, at least 1; further calls wait, in order, until their `writeBy`.
    ///   - timeout: how long a call may take from the moment its request is written; connecting has as long again.
    ///   - maxResponseBytes: a longer response body is given up as lost.
    ///   - certificateAuthorities: path of a PEM file to trust instead of the system's.
    /// - Throws: `CurlError` where this libcurl cannot keep the promises, or the process has no thread or descriptor left.
    init(
        endpoint: GraphEndpoint, version: String, maxInFlight: Int = 256, timeout: Duration = .seconds(15),
        maxResponseBytes: Int = 8 << 20, certificateAuthorities: String? = nil
    ) throws(CurlError) {
        try CurlLibrary.prepare()
        let settings = CurlSettings(
            endpoint: endpoint, userAgent: "whatsapp-bot-nats/\(version)", maxInFlight: max(1, maxInFlight),
            timeout: timeout, maxResponseBytes: maxResponseBytes, certificateAuthorities: certificateAuthorities)
        let inbox = try CurlInbox()
        let poller = try Poller()
        let pulse = Pulse()
        self.inbox = inbox
        self.pulse = pulse
        do throws(ThreadError) {
            self.thread = try BlockingThread(named: "graph-calls") {
                CurlLoop(settings: settings, inbox: inbox, poller: poller, pulse: pulse).run()
            }
        } catch {
            throw CurlError(description: error.description)
        }
    }

    /// A transport that is let go stops like one that is shut down, with nobody waiting for it.
    deinit {
        self.inbox.stop()
    }

    /// Its thread, for a watchdog: without it nothing is sent.
    var workingLoop: WorkingLoop {
        let (inbox, pulse) = (self.inbox, self.pulse)
        return WorkingLoop("graph-calls") {
            inbox.isStopping ? .excused : pulse.state
        } poke: {
            inbox.poke()
        }
    }

    /// Performs one call; when the task is cancelled, a call not yet written is dropped, a written one runs on.
    func perform(_ call: GraphCall, token: Secret, writeBy: ContinuousClock.Instant) async -> GraphOutcome {
        let cancellation = Cancellation()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let pending = PendingCall(
                    call: call, token: token, writeBy: writeBy, cancellation: cancellation, continuation: continuation)
                if !self.inbox.post(pending) {
                    continuation.resume(returning: .notWritten(reason: "the Graph API client is shut down"))
                }
            }
        } onCancel: {
            cancellation.request()
            self.inbox.noteCancellation()
        }
    }

    /// Ends all calls at once, unwritten ones as `notWritten`, written ones as `lost`, closes the connections and joins
    /// the thread; later calls are `notWritten`. Drain before: this waits for no answer.
    func shutdown() async {
        self.inbox.stop()
        await self.thread.join()
    }
}
