import Addressing
import CoreMetrics
import Prometheus

/// Counts what is published of webhooks, and what is not.
struct EventMetrics: Sendable {
    private struct Series: Sendable {
        /// By the place of the kind among all; nil for a kind of which there are none here.
        let events: [Counter?]
        let omitted: Counter?
    }

    private let accounts: [AccountName: Series]
    /// Of what is under `whatsapp.event.>`.
    private let unaddressed: Series
    private let foreignObjects: Counter

    /// - Parameter accounts: those of the configuration; the series of earlier ones stay as they are.
    init(_ accounts: [AccountName], in factory: any MetricsFactory) {
        self.accounts = Dictionary(
            uniqueKeysWithValues: accounts.map { name in
                let kinds = InboundEvent.Kind.allCases.filter { $0 != .unrouted }
                let events = Self.events(kinds, "\(name)", factory)
                let omitted = MetricFamilies.ingressWebhookOmitted.counter(["\(name)"], in: factory)
                return (name, Series(events: events, omitted: omitted))
            })
        self.unaddressed = Series(events: Self.events([.field, .unrouted], "", factory), omitted: nil)
        self.foreignObjects = MetricFamilies.ingressForeignObjects.counter(in: factory)
    }

    private static func events(
        _ kinds: [InboundEvent.Kind], _ account: String, _ factory: any MetricsFactory
    ) -> [Counter?] {
        InboundEvent.Kind.allCases.map { kind in
            kinds.contains(kind)
                ? MetricFamilies.ingressEvents.counter([account, kind.label], in: factory) : nil
        }
    }

    /// What is to be counted of a body once it is answered 200; by then the body itself need not be kept.
    func tally(of webhook: WebhookEvents) -> EventTally {
        var tally = EventTally()
        var (account, series) = (AccountName?.none, self.unaddressed)
        for event in webhook.events {
            // The events of an account mostly stand together.
            if event.account != account {
                account = event.account
                series = account.flatMap { self.accounts[$0] } ?? self.unaddressed
            }
            if let counter = series.events[event.kind.rawValue] { tally.add(1, to: counter) }
        }
        for (account, count) in webhook.omittedCopies {
            if let counter = self.accounts[account]?.omitted { tally.add(Int64(count), to: counter) }
        }
        if webhook.foreignObject != nil { tally.add(1, to: self.foreignObjects) }
        return tally
    }
}

extension InboundEvent.Kind {
    /// The label `kind` of `whatsapp_ingress_events_total`.
    fileprivate var label: String { self == .messageOfType ? "message_type" : "\(self)" }
}
