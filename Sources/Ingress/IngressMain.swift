import ArgumentParser
import Daemon
import Launch
import Logging
import Prometheus
import Settings
import TraceContext

/// `whatsapp-ingress`: accepts Meta's webhooks over HTTP and publishes them to NATS.
@main
struct IngressMain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whatsapp-ingress",
        abstract: "Accepts WhatsApp webhooks over HTTP and publishes them to NATS, until SIGTERM or SIGINT.",
        version: Version.text)

    @OptionGroup var common: CommonOptions

    static func main() {
        Launch.main(Self.self)
    }

    func run() {
        let settings = Launch.settings(self.common) { source throws(SettingsError) in
            try IngressSettings.read(from: source)
        }
        LogOutput.bootstrap(settings.log, metadata: ["process": "ingress"])
        TraceSetup.bootstrap()
        let logger = Logger(label: "whatsapp-ingress")
        let socket = PassedSockets.take(isSupervised: self.common.supervised != nil).first
        let metrics = MetricsOutput.bootstrap()
        let notifier = Notifier()
        let reloads = IngressReloads(notifier: notifier) { [common] () throws(SettingsError) in
            try IngressSettings.read(from: Launch.source(common))
        }
        // A worker's environment is all it knows; the supervisor makes another worker where that changes.
        let reload: @Sendable () -> Void = { reloads.request() }
        MainThread.serve(
            drain: settings.drain, logger: logger, reload: Launch.readsFiles(self.common) ? reload : nil
        ) { termination in
            try await IngressAssembly(
                settings, passedSocket: socket, notifier: notifier, reloads: reloads, metrics: metrics, logger: logger
            ).run(until: termination)
        }
    }
}
