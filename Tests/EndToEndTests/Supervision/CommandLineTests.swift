import TestSupport
import Testing

/// What the three executables do with their command line, and with a wrong configuration.
@Suite struct CommandLineTests {
    private static let products = GatewayProcess.Product.allCases

    private static func run(
        _ product: GatewayProcess.Product, _ arguments: [String], _ environment: [String: String] = [:],
        files: [String: String] = [:]
    ) async throws -> (ending: RunningProcess.Ending, output: String, errors: [String]) {
        let process = try await GatewayProcess.start(product, environment, arguments: arguments, files: files)
        let ending = try await process.process.waitForExit()
        try await process.log.waitForEnd()
        try await process.process.standardOutput.waitForEnd()
        return (ending, process.process.standardOutput.text, process.log.lines)
    }

    @Test(arguments: products)
    func `--help and --version answer on stdout and exit with 0`(product: GatewayProcess.Product) async throws {
        let help = try await Self.run(product, ["--help"])
        #expect(help.ending == .exited(0) && help.errors.isEmpty)
        #expect(help.output.contains("USAGE: \(product.rawValue)") && help.output.contains("--version"))
        #expect(help.output.contains("--env-file <path>") && help.output.contains("--check "))
        let version = try await Self.run(product, ["--version"])
        #expect(version.ending == .exited(0) && version.errors.isEmpty)
        #expect(version.output.contains(/^[0-9]+\.[0-9]+/))
    }

    @Test(arguments: [GatewayProcess.Product.egress, .supervisor])
    func `Help without a command shows every option of run and every command`(product: GatewayProcess.Product)
        async throws
    {
        let help = try await Self.run(product, ["--help"]).output
        let run = try await Self.run(product, ["run", "--help"]).output
        let options = run.split(separator: "\n").drop { $0 != "OPTIONS:" }
        #expect(options.count > 5)
        for line in options { #expect(help.contains(line)) }
        #expect(help.contains("USAGE: \(product.rawValue) [run] ") && help.contains("run (default)"))
        #expect(!help.contains("--supervised") && !help.contains("--prove-token"))
        for word in ["-h", "help"] { #expect(try await Self.run(product, [word]).output == help) }
    }

    @Test(arguments: products)
    func `An unknown option is bad usage`(product: GatewayProcess.Product) async throws {
        for arguments in [
            ["--no-such-option"], ["--check=maybe"], ["--env-file"], ["--env-file", "/nowhere", "x", "y"],
        ] {
            let refused = try await Self.run(product, arguments, try GatewaySettings().environment)
            #expect(refused.ending == .exited(64), "\(arguments)")
            #expect(!refused.errors.isEmpty)
        }
    }

    @Test(arguments: products)
    func `--check of a right configuration says nothing, opens nothing and exits with 0`(
        product: GatewayProcess.Product
    ) async throws {
        // Neither NATS nor Graph is there, and the port is another's.
        let busy = try ListeningPort()
        var settings = try GatewaySettings()
        settings.port = busy.number
        let checked = try await Self.run(product, ["--check"], settings.environment)
        withExtendedLifetime(busy) {
            #expect(checked.ending == .exited(0))
            #expect(checked.errors == [] && checked.output == "")
        }
    }

    @Test(arguments: products, [["--check"], []])
    func `Everything wrong with a configuration is named in one run, which ends with 78`(
        product: GatewayProcess.Product, arguments: [String]
    ) async throws {
        var settings = try GatewaySettings()
        settings.further = [
            "PORT": "eighty", "NATS_URL": "http://localhost", "LOG_LEVEL": "loud", "WA_BROKEN": "x:EAAG-broken-secret",
            "EGRESS_MAX_IN_FLIGHT": "0", "INGRESS_DELIVERY": "pigeon", "SUPERVISOR_DRAIN_MS": "soon",
            "STREAM_MAX_AGE": "1h", "STREAM_DEDUPE_WINDOW": "2h", "NATS_CREDS": "/nowhere/x.creds",
            "WA_TWIN": "\(GatewayAccount.support.phoneNumberID):EAAG-twin-secret",
        ]
        let refused = try await Self.run(product, arguments, settings.environment)
        #expect(refused.ending == .exited(78))
        for variable in settings.further.keys where variable != "STREAM_MAX_AGE" {
            #expect(refused.errors.contains { $0.contains(variable) }, "\(variable)")
        }
        let text = refused.errors.joined()
        #expect(!text.contains("EAAG-broken-secret") && !text.contains("EAAG-twin-secret"))
        #expect(!settings.secrets.contains { text.contains($0) })
    }

    @Test(arguments: products)
    func `Without an account, and for the ingress without an app secret, nothing starts`(
        product: GatewayProcess.Product
    ) async throws {
        var settings = try GatewaySettings()
        settings.accounts = []
        let without = try await Self.run(product, [], settings.environment)
        #expect(without.ending == .exited(78) && without.errors.contains { $0.contains("WA_") })
        guard product != .egress else { return }
        settings = try GatewaySettings()
        settings.further["APP_SECRET"] = ""
        let unsigned = try await Self.run(product, [], settings.environment)
        #expect(unsigned.ending == .exited(78) && unsigned.errors.contains { $0.contains("APP_SECRET") })
    }

    @Test(arguments: products)
    func `A malformed line of .env is named with its number`(product: GatewayProcess.Product) async throws {
        let refused = try await Self.run(
            product, ["--check"], try GatewaySettings().environment, files: [".env": "# fine\nPORT=8080\nnonsense\n"])
        #expect(refused.ending == .exited(78))
        #expect(refused.errors.count == 1 && refused.errors.first?.contains("3") == true, "\(refused.errors)")
    }

    @Test(arguments: [GatewayProcess.Product.ingress, .supervisor])
    func `An address that is another's ends with 69 and is named`(product: GatewayProcess.Product) async throws {
        let busy = try ListeningPort()
        var settings = try GatewaySettings()
        settings.port = busy.number
        let refused = try await Self.run(product, [], settings.environment)
        withExtendedLifetime(busy) {}
        #expect(refused.ending == .exited(69))
        #expect(
            refused.errors.contains { line in
                ["127.0.0.1", "\(busy.number)", "Address already in use"].allSatisfy { line.contains($0) }
            }, "\(refused.errors)")
    }
}
