extension MetricFamilies {
    package static let supervisorWorkers = MetricFamily(
        "whatsapp_supervisor_workers", .gauge, labels: ["state"], "Workers by what they are doing, each counted once")
    package static let supervisorWorkerReady = MetricFamily(
        "whatsapp_supervisor_worker_ready", .gauge, labels: ["worker"], "1 while the worker says that it can serve")
    package static let supervisorRestarts = MetricFamily(
        "whatsapp_supervisor_restarts_total", .counter, labels: ["worker"], "Times that the worker was started again")
    package static let supervisorScrapeSuccess = MetricFamily(
        "whatsapp_supervisor_worker_scrape_success", .gauge, labels: ["worker"],
        "1 where the worker's own metrics are among these, 0 where they are left out")
    package static let supervisorScrapeFailures = MetricFamily(
        "whatsapp_supervisor_worker_scrape_failures_total", .counter, labels: ["reason"],
        "Times that a worker's own metrics were left out, by reason")
    package static let supervisorScrapeSeconds = MetricFamily(
        "whatsapp_supervisor_worker_scrape_seconds", .gauge, "Seconds that asking all workers for their metrics took")
    package static let supervisorDroppedNotices = MetricFamily(
        "whatsapp_supervisor_dropped_notices_total", .counter, "Notices that came from no worker and were dropped")
    package static let supervisorReloadSuccessful = MetricFamily(
        "whatsapp_supervisor_config_last_reload_successful", .gauge,
        "0 where the latest reload was refused or left a worker with its old configuration, else 1")

    package static let supervisor = [
        supervisorWorkers, supervisorWorkerReady, supervisorRestarts, supervisorScrapeSuccess,
        supervisorScrapeFailures, supervisorScrapeSeconds, supervisorDroppedNotices, supervisorReloadSuccessful,
    ]
}
