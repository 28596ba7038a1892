extension MetricFamilies {
    package static let egressSends = MetricFamily(
        "whatsapp_egress_sends_total", .counter, labels: ["account", "action", "lane", "outcome"],
        "Requests and jobs that have ended, by account, action, lane and outcome")
    package static let egressGraphSeconds = MetricFamily(
        "whatsapp_egress_graph_seconds",
        .histogram(bounds: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30]), labels: ["account"],
        "Seconds from the turn of a Graph call that was written to its answer or loss")
    package static let egressInFlight = MetricFamily(
        "whatsapp_egress_in_flight", .gauge, labels: ["account"], "Graph calls under way")
    package static let egressWaiting = MetricFamily(
        "whatsapp_egress_waiting", .gauge, labels: ["account"], "Requests waiting for their turn")
    package static let egressHeld = MetricFamily(
        "whatsapp_egress_held", .gauge, labels: ["account"], "Queued jobs pulled ahead and held")
    package static let egressHeldFull = MetricFamily(
        "whatsapp_egress_held_full_total", .counter, labels: ["account"],
        "Times that as many jobs were held as may be, so that nothing more was pulled")
    package static let egressRatePerSecond = MetricFamily(
        "whatsapp_egress_rate_per_second", .gauge, labels: ["account"], "Sends a second that the account allows itself")
    package static let egressPaused = MetricFamily(
        "whatsapp_egress_paused", .gauge, labels: ["account"], "1 while the account is paused by an answer of Graph")
    package static let egressOrphanJobs = MetricFamily(
        "whatsapp_egress_orphan_jobs", .gauge, labels: ["account"],
        "Jobs waiting for an account that no worker serves, as counted once a minute")

    package static let egress = [
        egressSends, egressGraphSeconds, egressInFlight, egressWaiting, egressHeld, egressHeldFull,
        egressRatePerSecond, egressPaused, egressOrphanJobs,
    ]
}
