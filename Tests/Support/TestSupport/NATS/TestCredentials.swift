import Crypto
import Foundation

/// An operator, an account and a user of a nats-server that takes JWTs alone, with a `.creds` file for the user.
///
/// NKeys and JWTs are made as NATS' own `nkeys` and `jwt` libraries describe them.
package struct TestCredentials: Sendable {
    /// The lines of the server's configuration.
    package let serverLines: [String]
    /// The text of the `.creds` file.
    package let file: String

    package init() throws {
        let keyOfOperator = NKey(.operator)
        let account = NKey(.account)
        let user = NKey(.user)
        let limits: [String: Any] = [
            "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true, "conn": -1,
            "leaf": -1,
        ]
        let operatorToken = try keyOfOperator.token(for: keyOfOperator, ["type": "operator", "version": 2])
        let accountToken = try keyOfOperator.token(
            for: account, ["type": "account", "version": 2, "limits": limits])
        let userToken = try account.token(
            for: user,
            ["type": "user", "version": 2, "pub": [:], "sub": [:], "subs": -1, "data": -1, "payload": -1])
        self.serverLines = [
            "operator: \(operatorToken)", "resolver: MEMORY",
            "resolver_preload: { \(account.publicText): \(accountToken) }",
        ]
        self.file = """
            -----BEGIN NATS USER JWT-----
            \(userToken)
            ------END NATS USER JWT------

            -----BEGIN USER NKEY SEED-----
            \(user.seedText)
            ------END USER NKEY SEED------

            """
    }
}

/// An Ed25519 key as NATS writes it.
private struct NKey {
    enum Kind: UInt8 {
        case `operator` = 112
        case account = 0
        case user = 160
    }

    private let kind: Kind
    private let key = Curve25519.Signing.PrivateKey()

    init(_ kind: Kind) {
        self.kind = kind
    }

    var publicText: String { Self.base32([self.kind.rawValue] + self.key.publicKey.rawRepresentation) }

    var seedText: String {
        let seed: UInt8 = 144
        return Self.base32(
            [seed | self.kind.rawValue >> 5, (self.kind.rawValue & 31) << 3] + self.key.rawRepresentation)
    }

    /// A JWT that this key signs for another.
    func token(for subject: NKey, _ claims: [String: Any]) throws -> String {
        let header = try Self.part(["typ": "JWT", "alg": "ed25519-nkey"])
        let body = try Self.part([
            "jti": UUID().uuidString, "iat": Int(Date.now.timeIntervalSince1970), "iss": self.publicText,
            "sub": subject.publicText, "name": "test", "nats": claims,
        ])
        let signature = try self.key.signature(for: Data("\(header).\(body)".utf8))
        return "\(header).\(body).\(Self.base64URL(signature))"
    }

    private static func part(_ object: [String: Any]) throws -> String {
        self.base64URL(try JSONSerialization.data(withJSONObject: object))
    }

    private static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    /// Base 32 without padding, a CRC-16 (XMODEM) at the end.
    private static func base32(_ bytes: [UInt8]) -> String {
        var crc: UInt16 = 0
        for byte in bytes {
            crc ^= UInt16(byte) << 8
            for _ in 0..<8 { crc = crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
        }
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var (bits, count) = (UInt32(0), 0)
        for byte in bytes + [UInt8(crc & 0xFF), UInt8(crc >> 8)] {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[Int(bits >> UInt32(count)) & 31])
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << UInt32(5 - count)) & 31]) }
        return text
    }
}
