import JSONBytes
import NATSClient

/// Who answers: one instance of a service.
struct ServiceIdentity: Sendable {
    /// The kind of service, which all its instances share: `[A-Za-z0-9_-]`.
    let name: String
    /// 128 random bits in hex, other for each instance.
    let id: String
    /// As semver.org has it.
    let version: String
    let description: String
    let metadata: [String: String]
    let started: StreamTime

    init(name: String, version: String, description: String, metadata: [String: String]) {
        self.name = name
        self.id = Self.randomID()
        self.version = version
        self.description = description
        self.metadata = metadata
        self.started = .now
    }

    private static func randomID() -> String {
        (0..<2).map { _ in
            let half = String(UInt64.random(in: 0...UInt64.max), radix: 16)
            return String(repeating: "0", count: 16 - half.count) + half
        }.joined()
    }

    /// The members that every answer has.
    func write(_ type: ServiceVerb, to answer: inout JSONObjectWriter) {
        answer.member("type", string: type.answerType)
        answer.member("name", string: self.name)
        answer.member("id", string: self.id)
        answer.member("version", string: self.version)
        answer.member("metadata", texts: self.metadata)
    }
}

extension JSONObjectWriter {
    /// Adds an object of strings, sorted by key.
    mutating func member(_ key: String, texts: [String: String]) {
        self.member(key) { object in
            for (key, value) in texts.sorted(by: { $0.key < $1.key }) { object.member(key, string: value) }
        }
    }
}
