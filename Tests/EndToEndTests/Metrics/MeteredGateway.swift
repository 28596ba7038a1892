import TestSupport

/// A gateway whose processes show their metrics on ports of their own.
struct MeteredGateway: Sendable {
    let gateway: Gateway
    private let ports: [GatewayProcess.Product: Int]

    static func running(
        _ products: [GatewayProcess.Product], _ change: (inout GatewaySettings) -> Void = { _ in },
        body: (MeteredGateway) async throws -> Void
    ) async throws {
        let ports = [
            GatewayProcess.Product.ingress: try FreePort.find(), .egress: try FreePort.find(),
            .supervisor: try FreePort.find(),
        ]
        try await Gateway.running(products) { settings in
            change(&settings)
            for (product, port) in ports { settings.further[Self.variable(product)] = "127.0.0.1:\(port)" }
        } body: { gateway in
            try await body(MeteredGateway(gateway: gateway, ports: ports))
        }
    }

    private static func variable(_ product: GatewayProcess.Product) -> String {
        switch product {
        case .ingress: "INGRESS_ADMIN"
        case .egress: "EGRESS_ADMIN"
        case .supervisor: "SUPERVISOR_ADMIN"
        }
    }

    /// Where a process shows them, such as `127.0.0.1:10241`.
    func address(_ product: GatewayProcess.Product) -> String { "127.0.0.1:\(self.ports[product] ?? 0)" }

    /// What a page of the admin endpoint says, over plain HTTP.
    func page(
        _ path: String, of product: GatewayProcess.Product, _ method: String = "GET"
    ) async throws -> HTTPReply {
        try await PlainHTTP.call(method, "http://\(self.address(product))\(path)")
    }

    /// What `/metrics` says.
    func scrape(_ product: GatewayProcess.Product, _ method: String = "GET") async throws -> HTTPReply {
        try await self.page("/metrics", of: product, method)
    }

    func metrics(_ product: GatewayProcess.Product) async throws -> MetricsText {
        MetricsText(try await self.scrape(product).body)
    }

    /// Scrapes until the metrics say what is meant, and returns them.
    @discardableResult
    func metrics(
        _ product: GatewayProcess.Product, _ what: String, within limit: Duration = .seconds(20),
        where isMeant: (MetricsText) -> Bool
    ) async throws -> MetricsText {
        var last = ""
        do {
            return try await eventuallySome(what, within: limit) {
                let metrics = try await self.metrics(product)
                last = metrics.description
                return isMeant(metrics) ? metrics : nil
            }
        } catch {
            throw Overdue("\(what); the last was \(last)", limit: limit)
        }
    }
}

extension MetricsText {
    /// Requests and jobs that have ended, as `<lane> <action> <outcome>`, of one account; only what is not 0.
    func sends(of account: String = "my_account") -> [String: Int] {
        let name = "whatsapp_egress_sends_total{account=\"\(account)\","
        return self.samples.filter { $0.key.hasPrefix(name) && $0.value != 0 }.reduce(into: [:]) { sends, sample in
            let values = sample.key.split(separator: "\"").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
            sends["\(values[2]) \(values[1]) \(values[3])"] = Int(sample.value)
        }
    }
}
