extension MetricFamilies {
    package static let ingressRequests = MetricFamily(
        "whatsapp_ingress_requests_total", .counter, labels: ["status"], "HTTP requests answered, by HTTP status")
    package static let ingressRequestSeconds = MetricFamily(
        "whatsapp_ingress_request_seconds",
        .histogram(bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]),
        labels: ["status"], "Seconds from a request's first byte to its answer, by HTTP status")
    package static let ingressEvents = MetricFamily(
        "whatsapp_ingress_events_total", .counter, labels: ["account", "kind"],
        "Events published of webhooks that were answered 200, by account and kind")
    package static let ingressWebhookOmitted = MetricFamily(
        "whatsapp_ingress_webhook_omitted_total", .counter, labels: ["account"],
        "Changes too large for a copy on in.webhook, whose events were published alone")
    package static let ingressForeignObjects = MetricFamily(
        "whatsapp_ingress_foreign_objects_total", .counter,
        "Webhooks whose object is not whatsapp_business_account, answered 200 and not published")

    package static let ingressInFlight = MetricFamily(
        "whatsapp_ingress_in_flight", .gauge, "Webhooks being published and not yet answered")

    package static let ingress = [
        ingressRequests, ingressRequestSeconds, ingressInFlight, ingressEvents, ingressWebhookOmitted,
        ingressForeignObjects,
    ]
}
