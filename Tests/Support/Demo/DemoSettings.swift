import Addressing
import Logging
import NATSClient
import Settings

/// The gateway's own settings, as far as the demonstration needs them.
struct DemoSettings {
    /// Something the user has to set right.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    let accounts: [Account]
    let appSecret: Secret?
    let port: Int
    let nats: NATSSettings

    static func load() throws -> DemoSettings {
        var reader = SettingsReader(SettingsSource.load())
        let settings = DemoSettings(
            accounts: Accounts.read(from: &reader, tokens: .ignored),
            appSecret: reader.value(Variables.appSecret)?.first,
            port: reader.value(Variables.port),
            nats: NATSSettings(from: &reader))
        try reader.finish()
        return settings
    }

    /// The account of that name, or the first one.
    func account(named name: String?) throws -> Account {
        guard let name else {
            guard let first = self.accounts.first else { throw Problem(description: "there is no WA_<NAME> in .env") }
            return first
        }
        guard let account = self.accounts.first(where: { $0.name.value == name }) else {
            throw Problem(
                description: "no account \(name); there are: \(self.accounts.map(\.name.value).joined(separator: ", "))"
            )
        }
        return account
    }

    /// Connects within a few seconds, or says that nobody is there.
    func connect() async throws -> NATSConnection {
        let connection = NATSConnection(
            NATSOptions(self.nats, clientName: "demo", writesAtOnce: true, reconnectBufferBytes: 1),
            logger: Logger(label: "demo") { _ in SwiftLogNoOpLogHandler() })
        let isThere = await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await connection.connected()) != nil }
            group.addTask {
                try? await Task.sleep(for: .seconds(3))
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
        guard isThere else {
            await connection.close()
            throw Problem(description: "no NATS at \(self.nats.redactedHost): is it running? (make run starts one)")
        }
        return connection
    }
}
