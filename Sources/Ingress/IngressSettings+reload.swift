import Settings

extension IngressSettings {
    /// The variables in which this configuration differs from that of a running process, and which it reads at its start
    /// only.
    func onlyAtStart(differingFrom running: IngressSettings) -> [String] {
        let comparisons = [
            (Variables.host.name, self.host == running.host),
            (Variables.port.name, self.port == running.port),
            (Variables.ingressDelivery.name, self.delivery == running.delivery),
            (Variables.ingressAdmin.name, self.admin == running.admin),
            (Variables.supervisorDrain.name, self.drain == running.drain),
            (Variables.natsURL.name, self.nats.servers == running.nats.servers),
            (Variables.natsCreds.name, self.nats.credentialsFile == running.nats.credentialsFile),
            (Variables.natsCA.name, self.nats.caFile == running.nats.caFile),
            (Variables.natsCert.name, self.nats.certificateFile == running.nats.certificateFile),
            (Variables.natsKey.name, self.nats.keyFile == running.nats.keyFile),
            (Variables.streamReplicas.name, self.streams.replicas == running.streams.replicas),
            (Variables.streamStorage.name, self.streams.storage == running.streams.storage),
            (Variables.streamMaxAge.name, self.streams.maxAge == running.streams.maxAge),
            (Variables.streamMaxBytes.name, self.streams.maxBytes == running.streams.maxBytes),
            (Variables.streamDedupeWindow.name, self.streams.dedupeWindow == running.streams.dedupeWindow),
            (Variables.logLevel.name, self.log.level == running.log.level),
            (Variables.logFormat.name, self.log.format == running.log.format),
        ]
        return comparisons.compactMap { name, isSame in isSame ? nil : name }
    }
}
