import Foundation
import TestSupport
import Testing

/// A real process of the gateway with its admin endpoint on a Unix socket of its own.
final class ProcessUnderTest: Sendable {
    let process: RunningProcess
    let notices: NotifyListener
    let folder: TemporaryFolder
    /// The path of the admin endpoint's socket.
    let admin: String

    /// - Parameters:
    ///   - product: `whatsapp-ingress` or `whatsapp-egress`, whose `<…>_ADMIN` is set, or `whatsapp-supervisor`.
    ///   - further: variables beside what any process of the gateway needs; they go before the others.
    static func running(
        _ product: String, nats: String, _ further: [String: String] = [:],
        _ body: (ProcessUnderTest) async throws -> Void
    ) async throws {
        let subject = try await ProcessUnderTest(product, nats: nats, further)
        try await body(subject)
        subject.process.terminate()
        try await subject.process.waitForExit(within: .seconds(30))
    }

    private init(_ product: String, nats: String, _ further: [String: String]) async throws {
        let folder = try TemporaryFolder()
        let notices = try NotifyListener()
        let admin = "\(folder.path)/admin.sock"
        let kind = product == "whatsapp-ingress" ? "INGRESS" : "EGRESS"
        let variables = [
            "PATH": "/usr/bin:/bin", "LOG_FORMAT": "logfmt", "NATS_URL": nats, "GRAPH_URL": "http://127.0.0.1:9",
            "HOST": "127.0.0.1", "PORT": "\(try FreePort.find())", "APP_SECRET": "secret", "WA_SHOP": "1:token",
            "NOTIFY_SOCKET": notices.path, "TMPDIR": folder.path, "\(kind)_ADMIN": "unix:\(admin)",
        ]
        self.process = try await RunningProcess.start(
            BuildFolder.executable(product), environment: variables.merging(further) { $1 },
            workingDirectory: folder.path, keeping: folder)
        self.notices = notices
        self.folder = folder
        self.admin = admin
    }

    /// What `/ready` says.
    ///
    /// - Parameter socket: the path of another endpoint than the process' own.
    func readiness(at socket: String? = nil) async throws -> Readiness {
        let connection = try await RawConnection.connect(unixSocket: socket ?? self.admin)
        try await connection.send(PlainHTTP.request("GET", "/ready"))
        let reply = try await connection.reply()
        await connection.close()
        return try Readiness(status: reply.status, body: reply.body)
    }

    /// Asks until `/ready` says what is meant, and returns that.
    @discardableResult
    func readiness(
        _ what: String, at socket: String? = nil, within limit: Duration = .seconds(20),
        where isMeant: (Readiness) -> Bool
    ) async throws -> Readiness {
        var last: Readiness?
        do {
            return try await eventuallySome(what, within: limit) {
                // The socket is there only after a moment.
                guard let readiness = try? await self.readiness(at: socket) else { return nil }
                last = readiness
                return isMeant(readiness) ? readiness : nil
            }
        } catch {
            throw Overdue("\(what); the last was \(last.map { "\($0)" } ?? "none")", limit: limit)
        }
    }
}

extension ProcessUnderTest {
    /// Stops a server as it stands, which closes no connection, and looks how long `/ready` takes to say so, and to say
    /// that all is well afterwards.
    func noticesStandstill(of server: NATSServer, isNoticed: (Readiness) -> Bool) async throws {
        try await self.readiness("ready") { $0.isReady }
        server.pause()
        let stop = ContinuousClock.now
        let away = try await self.readiness("NATS stands still", where: isNoticed)
        let noticed = ContinuousClock.now - stop
        server.resume()
        let start = ContinuousClock.now
        try await self.readiness("ready again") { $0.isReady }
        print("measured: nats-server stood still: noticed after \(noticed), well after \(ContinuousClock.now - start)")
        #expect(away.status == 503)
        // 5 s from its last answer; a busy machine is given some time.
        #expect(noticed > .seconds(2) && noticed < .seconds(7))
    }
}

/// What `/ready` said.
struct Readiness: CustomStringConvertible {
    let status: Int
    let description: String
    /// The names of the checks, in order.
    let names: [String]
    /// By the names of the checks: why they do not hold.
    let reasons: [String: String]

    init(status: Int, body: [UInt8]) throws {
        self.status = status
        self.description = String(decoding: body, as: UTF8.self)
        let answer = try JSONDecoder().decode(Answer.self, from: Data(body))
        self.names = answer.checks.map(\.name)
        self.reasons = Dictionary(
            uniqueKeysWithValues: answer.checks.compactMap { check in check.reason.map { (check.name, $0) } })
    }

    var isReady: Bool { self.status == 200 }

    private struct Answer: Decodable {
        struct Check: Decodable {
            let name: String
            let ok: Bool
            let reason: String?
        }

        let ready: Bool
        let checks: [Check]
    }
}
