import Glibc
import GraphSimulator
import TestSupport

/// A supervised gateway whose accounts are in an env file, which is written anew for each reload.
struct RotatingGateway: Sendable {
    let gateway: Gateway

    /// Runs one for as long as the closure takes.
    static func running(
        _ change: (inout GatewaySettings) -> Void = { _ in }, body: (RotatingGateway) async throws -> Void
    ) async throws {
        let accounts = [GatewayAccount.myAccount, .support]
        try await Gateway.running([.supervisor], files: [".env": Self.file(accounts)]) { settings in
            for account in accounts { settings.further[account.variable] = "" }
            change(&settings)
        } body: { gateway async throws in
            try await body(RotatingGateway(gateway: gateway))
        }
    }

    var supervisor: GatewayProcess { self.gateway.supervisor }

    /// Writes the file anew and asks for a reload.
    ///
    /// - Parameter further: lines beside the accounts'.
    /// - Returns: the line that tells how it went.
    func reload(_ accounts: [GatewayAccount], further: String = "") async throws -> String {
        let lines = self.supervisor.log.lines.count
        try self.supervisor.folder.write(Self.file(accounts) + further, to: ".env")
        self.supervisor.process.signal(SIGHUP)
        return try await self.supervisor.log.waitForLine(from: lines, within: .seconds(30)) {
            $0.contains(#"msg="reloaded""#)
        }
    }

    private static func file(_ accounts: [GatewayAccount]) -> String {
        accounts.map { "\($0.variable)=\($0.phoneNumberID):\($0.token)\n" }.joined()
    }
}

extension GatewayAccount {
    /// The same account with another token.
    func with(token: String) -> GatewayAccount {
        GatewayAccount(name: self.name, phoneNumberID: self.phoneNumberID, token: token)
    }
}
