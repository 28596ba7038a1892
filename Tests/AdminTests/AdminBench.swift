import Daemon
import NIOCore
import Settings
import TestSupport

@testable import Admin

/// An admin endpoint on a Unix socket or a port of its own, with a report that a test may change.
final class AdminBench: Sendable {
    let folder: TemporaryFolder
    let address: AdminAddress
    let server: AdminServer
    private let report: Watched<ReadinessReport>

    /// Limits with which nobody's time runs out on a busy machine.
    static let patientLimits: AdminLimits = {
        var limits = AdminLimits()
        limits.requestTime = .minutes(5)
        limits.pageTime = .minutes(5)
        limits.writeTime = .minutes(5)
        limits.lingerTime = .minutes(5)
        return limits
    }()

    /// - Parameters:
    ///   - overTCP: whether it listens on a port of 127.0.0.1 rather than on `admin.sock` in `folder`.
    ///   - pages: what there is beside health and readiness.
    static func running(
        overTCP: Bool = false, limits: AdminLimits = patientLimits, pages: [AdminPage] = [],
        _ body: (AdminBench) async throws -> Void
    ) async throws {
        let bench = try await AdminBench(overTCP: overTCP, limits: limits, pages: pages)
        async let _: Void = bench.server.run()
        do {
            try await body(bench)
            await bench.server.close()
        } catch {
            await bench.server.close()
            throw error
        }
    }

    private init(overTCP: Bool, limits: AdminLimits, pages: [AdminPage]) async throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        self.address =
            overTCP ? Self.address("127.0.0.1:\(try FreePort.find())") : .unix(path: "\(folder.path)/admin.sock")
        let report = Watched(ReadinessReport([ReadinessCheck("nats", .holds)], service: "serving"))
        self.report = report
        self.server = try await AdminServer.start(
            at: self.address, showing: AdminPages(readiness: { report.current }, pages: pages), limits: limits)
    }

    /// The address that a setting's text stands for.
    static func address(_ text: String) -> AdminAddress {
        var reader = SettingsReader(SettingsSource(variables: ["EGRESS_ADMIN": text]))
        return reader.value(Variables.egressAdmin)
    }

    func found(_ finding: ReadinessCheck.Finding) {
        self.report.update { $0 = ReadinessReport([ReadinessCheck("nats", finding)], service: "serving") }
    }

    func connect() async throws -> RawConnection {
        switch self.address {
        case .tcp(let address): try await RawConnection.connect(host: address.host, port: address.port)
        case .unix(let path): try await RawConnection.connect(unixSocket: path)
        case .off: throw SystemCallFailure("connect", number: 0)
        }
    }

    /// The answer to a request on a connection of its own, at whose end the server closes.
    func answer(_ target: String, _ method: String = "GET") async throws -> HTTPReply {
        let connection = try await self.connect()
        try await connection.send(PlainHTTP.request(method, target))
        let reply = try await connection.reply(toHead: method == "HEAD")
        _ = try await connection.end()
        await connection.close()
        return reply
    }
}
