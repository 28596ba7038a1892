extension MetricFamilies {
    package static let natsConnected = MetricFamily(
        "whatsapp_nats_connected", .gauge, "1 while there is a connection to NATS")
    package static let natsReconnects = MetricFamily(
        "whatsapp_nats_reconnects_total", .counter, "Times that the connection to NATS was lost and made again")
    package static let natsDropped = MetricFamily(
        "whatsapp_nats_dropped_total", .counter, "Messages from NATS that were dropped because too many were waiting")

    package static let nats = [natsConnected, natsReconnects, natsDropped]

    // Names and meanings as Prometheus' client libraries have them.
    static let processStart = MetricFamily(
        "process_start_time_seconds", .gauge, "Start of the process, in seconds since 1970")
    static let processCPU = MetricFamily(
        "process_cpu_seconds_total", .counter, "User and system CPU time spent, in seconds")
    static let processResident = MetricFamily("process_resident_memory_bytes", .gauge, "Resident memory, in bytes")
    static let processVirtual = MetricFamily("process_virtual_memory_bytes", .gauge, "Virtual memory, in bytes")
    static let processOpenDescriptors = MetricFamily("process_open_fds", .gauge, "Open file descriptors")
    static let processMaxDescriptors = MetricFamily(
        "process_max_fds", .gauge, "The most file descriptors that may be open")

    package static let process = [
        processStart, processCPU, processResident, processVirtual, processOpenDescriptors, processMaxDescriptors,
    ]
}

extension ScrapedValues {
    /// Says how the process' connection to NATS stands.
    ///
    /// - Parameters:
    ///   - reconnects: how often it has come back.
    ///   - dropped: messages that were lost because too many were waiting.
    package mutating func setNATS(isConnected: Bool, reconnects: Int, dropped: Int) {
        self.set(MetricFamilies.natsConnected, holds: isConnected)
        self.set(MetricFamilies.natsReconnects, to: Double(reconnects))
        self.set(MetricFamilies.natsDropped, to: Double(dropped))
    }
}
