import ArgumentParser
import Daemon
import Launch
import Logging
import Settings

/// `whatsapp-ingress`: accepts Meta's webhooks over HTTP and publishes them to NATS.
@main
struct IngressMain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whatsapp-ingress",
        abstract: "Accepts WhatsApp webhooks over HTTP and publishes them to NATS, until SIGTERM or SIGINT.",
        version: Version.text)

    @OptionGroup var common: CommonOptions

    func run() {
        let settings = Launch.settings(self.common) { source throws(SettingsError) in
            try IngressSettings.read(from: source)
        }
        LogOutput.bootstrap(settings.log, metadata: ["process": "ingress"])
        let logger = Logger(label: "whatsapp-ingress")
        let socket = PassedSockets.take(isSupervised: self.common.supervised != nil).first
        MainThread.serve(drain: settings.drain, logger: logger) { termination in
            try await IngressAssembly(settings, passedSocket: socket, logger: logger).run(until: termination)
        }
    }
}
