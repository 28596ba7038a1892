import Foundation
import Testing

@testable import Settings

@Suite struct NATSSettingsTests {
    private static func read(_ variables: [String: String]) -> (settings: NATSSettings, problems: [String]) {
        var reader = SettingsReader(SettingsSource(variables: variables))
        let settings = NATSSettings(from: &reader)
        return (settings, reader.lines)
    }

    @Test func `Without any variable it is the server of this machine`() {
        let (settings, problems) = Self.read([:])
        #expect(problems.isEmpty)
        #expect(settings.servers.map(\.url.revealed) == ["nats://localhost:4222"])
        #expect(settings.redactedHost == "localhost:4222")
        #expect(settings.credentialsFile == nil && settings.caFile == nil)
    }

    @Test(arguments: [
        ("nats://a", "nats://a:4222", "a:4222", false),
        ("TLS://a:1/", "tls://a:1", "a:1", true),
        ("nats://user:p@ss@10.0.0.1:4333", "nats://user:p@ss@10.0.0.1:4333", "10.0.0.1:4333", false),
        ("tls://t0ken@[::1]", "tls://t0ken@[::1]:4222", "[::1]:4222", true),
    ])
    func `A server has a scheme, a login where needed, a host and a port`(
        text: String, url: String, host: String, isTLS: Bool
    ) throws {
        let (settings, problems) = Self.read(["NATS_URL": text])
        let server = try #require(settings.servers.first)
        #expect(problems.isEmpty)
        #expect(server.url.revealed == url && server.isTLS == isTLS)
        #expect(settings.redactedHost == host)
        #expect(!"\(settings) \(String(reflecting: server))".contains("p@ss"))
    }

    @Test func `Several servers stand with commas between`() {
        let (settings, problems) = Self.read(["NATS_URL": "nats://a, nats://b:1,tls://c"])
        #expect(problems.isEmpty)
        #expect(settings.redactedHost == "a:4222, b:1, c:4222")
    }

    @Test(arguments: [
        "localhost:4222", "http://s3cret@a", "nats://", "nats://s3cret@", "nats://@a", "nats://:s3cret@a", "nats://a:0",
        "nats://a:s3cret", "nats://s3cret@a/path", "nats://s3cret@a b", "nats://s3cret@a,", ",", "nats://s3/cret@a",
        "nats://s3cret@a\n",
    ])
    func `Any other URL is a problem that does not quote it`(text: String) {
        let (_, problems) = Self.read(["NATS_URL": text])
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("NATS_URL: expected nats://host:port or tls://host:port, ") == true)
        #expect(problems.first?.contains("cret") == false)
    }

    @Test func `A file that cannot be read is a problem that names it`() {
        let (_, problems) = Self.read(["NATS_CREDS": "/nowhere/x.creds", "NATS_CA": "/tmp"])
        #expect(
            problems == [
                "NATS_CREDS: the file \"/nowhere/x.creds\" cannot be read: No such file or directory",
                "NATS_CA: the file \"/tmp\" cannot be read: Is a directory",
            ])
    }

    @Test func `Certificate and key come together`() {
        #expect(
            Self.read(["NATS_CERT": "/dev/null"]).problems == [
                "NATS_KEY: expected the path of the key that belongs to NATS_CERT"
            ])
        #expect(
            Self.read(["NATS_KEY": "/dev/null"]).problems == [
                "NATS_CERT: expected the path of the certificate that belongs to NATS_KEY"
            ])
        let (settings, problems) = Self.read([
            "NATS_KEY": "/dev/null", "NATS_CERT": "/dev/null", "NATS_CA": "/dev/null",
        ])
        #expect(problems.isEmpty && settings.certificateFile == "/dev/null" && settings.keyFile == "/dev/null")
    }
}

extension SettingsReader {
    /// What `finish` throws, a line for each problem.
    var lines: [String] {
        do throws(SettingsError) {
            try self.finish()
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }
}
