import TestSupport
import Testing

@testable import Settings

@Suite struct HostileInputTests {
    @Test func `Any bytes are read as an env file without a crash, and quoted nowhere`() {
        let seed = Seed.forTest()
        var generator = seed.generator
        let alphabet = Array("AB=\"' #\n\r\t-_export 0\u{0}é\\".utf8) + [0xFF, 0xC3]
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            let content = EnvFile.parse(bytes, path: "x.env")
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count
            #expect(content.variables.count + content.problems.count <= lines, "seed \(seed)")
            #expect(content.problems.allSatisfy { $0.variable.hasPrefix("x.env") }, "seed \(seed)")
            #expect(content.variables.allSatisfy { !$0.name.isEmpty && !$0.value.utf8.contains(0) }, "seed \(seed)")
        }
    }

    @Test func `Any value of any variable is taken or named in a short printable line`() {
        let seed = Seed.forTest()
        var generator = seed.generator
        let pieces = [
            "nats://", "tls://", "https://", "@", ":", "/", "[", "]", "::1", "%", ",", "0", "65536", "1/2", "h", "ms",
            "9223372036854775807",
            "unix:/", "v", ".", "a", "é", "\u{0}", "\u{1B}", "\n", " ", "per-account", "egress", "true", "K",
            "\u{10FFFF}",
        ]
        for _ in 0..<300 {
            var variables: [String: String] = [:]
            for variable in KnownVariables.all {
                let count = Int.random(in: 0...6, using: &generator)
                variables[variable.name] = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }
                    .joined()
            }
            var reader = SettingsReader(SettingsSource(variables: variables))
            _ = NATSSettings(from: &reader)
            _ = StreamSettings(from: &reader)
            reader.checkAllVariables()
            for line in reader.lines {
                #expect(line.utf8.count < 1000 && line.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "seed \(seed)")
                #expect(KnownVariables.include(String(line.prefix { $0 != ":" })), "seed \(seed)")
            }
        }
    }
}
