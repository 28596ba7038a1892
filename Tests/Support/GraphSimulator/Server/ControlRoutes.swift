import JSONBytes
import NIOCore
import TestSupport

/// The simulator's own endpoints, below `/_simulator/`.
enum ControlRoutes {
    static let prefix = "/_simulator/"

    private typealias Mistake = SimulatorFaults.Mistake

    static func answer(
        to request: IncomingRequest, of simulator: GraphSimulator, on loop: any EventLoop
    ) -> EventLoopFuture<GraphAnswer> {
        do {
            let path = request.target.dropFirst(self.prefix.count).prefix { $0 != "?" }
            if request.method == "POST", path == "inbound" { return try self.postInbound(request, simulator, loop) }
            if request.method == "POST", path == "webhook" { return try self.postWebhook(request, simulator, loop) }
            return loop.makeSucceededFuture(try self.answer(request, String(path), simulator))
        } catch {
            return loop.makeSucceededFuture(GraphAnswer(status: 400, #"{"error":\#(error.message)}"#))
        }
    }

    private static func answer(
        _ request: IncomingRequest, _ path: String, _ simulator: GraphSimulator
    ) throws(Mistake) -> GraphAnswer {
        switch (request.method, path) {
        case ("GET", "health"): return .success
        case ("GET", "stats"): return GraphAnswer(simulator.stats.json)
        case ("GET", "requests"):
            let last = self.query(request)["last"].flatMap { Int($0) } ?? 1_000
            return GraphAnswer(.list(simulator.requests.suffix(max(0, last)).map(\.json)))
        case ("GET", "accepted"):
            let last = self.query(request)["last"].flatMap { Int($0) } ?? 1_000
            return GraphAnswer(.list(simulator.accepted.suffix(max(0, last)).map(\.json)))
        case ("DELETE", "requests"):
            simulator.clearRecords()
            return .success
        case ("GET", "faults"): return GraphAnswer(simulator.faults.json)
        case ("PUT", "faults"):
            let root = try self.object(request)
            let faults = try SimulatorFaults(json: root)
            simulator.graph.update { $0.setFaults(faults, of: root["phone_number_id"]?.string) }
            return GraphAnswer(faults.json)
        case ("DELETE", "faults"):
            simulator.clearFaults()
            return .success
        case ("POST", "answers"):
            simulator.script(try self.scripted(self.object(request)))
            return .success
        case ("DELETE", "answers"):
            simulator.graph.update { $0.clearScript() }
            return .success
        case ("PUT", "statuses"):
            simulator.setStatuses(try StatusPlan(json: self.object(request)))
            return .success
        case ("PUT", "accounts"):
            let root = try self.object(request)
            guard let id = root["phone_number_id"]?.string, let token = root["access_token"]?.string else {
                throw Mistake(message: "expected phone_number_id and access_token")
            }
            simulator.setAccount(SimulatedAccount(phoneNumberID: id, accessToken: token, name: root["name"]?.string))
            return .success
        case ("POST", "tokens"):
            let root = try self.object(request)
            guard let id = root["phone_number_id"]?.string, let token = root["access_token"]?.string else {
                throw Mistake(message: "expected phone_number_id and access_token")
            }
            simulator.permit(token: token, for: id)
            return .success
        default: return GraphAnswer(status: 404, #"{"error":"no such control endpoint"}"#)
        }
    }

    private static func scripted(_ root: JSONValue) throws(Mistake) -> [ScriptedAnswer] {
        let name = root["disturbance"]?.string ?? "none"
        guard
            let disturbance = SimulatorFaults.Disturbance(
                name: name, slow: .milliseconds(root["slow_ms"]?.int ?? 2_000))
        else { throw Mistake(message: "disturbance: unknown") }
        var scripted = ScriptedAnswer()
        if let status = root["status"]?.int {
            guard (200...599).contains(status) else { throw Mistake(message: "status: expected 200 to 599") }
            let headers = root["headers"]?.members.reduce(into: [String: String]()) { headers, member in
                if let name = member.key.string, let value = member.value.string { headers[name] = value }
            }
            let body = root["body_raw"]?.string.map { Array($0.utf8) } ?? root["body"].map { Array($0.bytes) } ?? []
            scripted = ScriptedAnswer(status: status, headers: headers ?? [:], body: body)
        }
        scripted.disturbance = disturbance
        scripted.delay = .milliseconds(min(max(0, root["delay_ms"]?.int ?? 0), 3_600_000))
        scripted.phoneNumberID = root["phone_number_id"]?.string
        return Array(repeating: scripted, count: min(max(1, root["times"]?.int ?? 1), 10_000))
    }

    private static func postInbound(
        _ request: IncomingRequest, _ simulator: GraphSimulator, _ loop: any EventLoop
    ) throws(Mistake) -> EventLoopFuture<GraphAnswer> {
        let root = try self.object(request)
        guard let wanted = root["phone_number_id"]?.string ?? root["account"]?.string,
            let from = root["from"]?.string, let text = root["text"]?.string
        else { throw Mistake(message: "expected phone_number_id or account, from, text") }
        let accounts = simulator.graph.read { $0.accounts.byPhoneNumberID }
        let phoneNumberID = accounts.values.first { $0.name == wanted }?.phoneNumberID ?? wanted
        do {
            let name = root["name"]?.string ?? "Test Person"
            let posted = try simulator.inbound(text, from: from, name: name, to: phoneNumberID)
            return posted.status.hop(to: loop).map { status in self.answer(status, id: posted.id) }
        } catch {
            throw Mistake(message: error.reason)
        }
    }

    private static func postWebhook(
        _ request: IncomingRequest, _ simulator: GraphSimulator, _ loop: any EventLoop
    ) throws(Mistake) -> EventLoopFuture<GraphAnswer> {
        guard let poster = simulator.poster else { throw Mistake(message: "there is no ingress to post webhooks to") }
        return poster.post(request.body).hop(to: loop).map { self.answer($0, id: nil) }
    }

    /// What came of a webhook: 200 when the ingress took it, else 502.
    private static func answer(_ status: Int?, id: String?) -> GraphAnswer {
        var members: [MetaJSON] = []
        if let id { members.append(#""id":\#(id)"#) }
        members.append(status.map { #""ingress_status":\#($0)"# } ?? #""ingress_status":null"#)
        return GraphAnswer(status: status == 200 ? 200 : 502, MetaJSON.object(members))
    }

    private static func object(_ request: IncomingRequest) throws(Mistake) -> JSONValue {
        guard let root = (try? JSONDocument(validating: request.body))?.root, root.kind == .object else {
            throw Mistake(message: "expected a JSON object")
        }
        return root
    }

    private static func query(_ request: IncomingRequest) -> [String: String] {
        GraphPath("/v0" + request.target)?.query ?? [:]
    }
}
