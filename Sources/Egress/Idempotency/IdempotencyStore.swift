import Addressing
import Crypto
import Glibc
import NATSClient
import Settings

/// Sees to it that requests with one `Wa-Idempotency-Key` are sent once within a day, whichever worker gets them.
struct IdempotencyStore: Sendable {
    /// What a request with a key is to do.
    enum Claim: Sendable {
        /// Go on, and settle the claim when the end is known.
        case first(revision: UInt64)
        /// Another request with the key runs.
        case running
        /// Another request with the key has had this reply.
        case answered(payload: [UInt8], headers: [NATSHeader])
        /// Whoever ran the first request has died, and nobody knows whether it was sent.
        case unknown
    }

    private static let bucketName = "WHATSAPP_IDEMPOTENCY"
    private static let age = Duration.seconds(24 * 3600)
    /// How much the clocks of two hosts may differ.
    private static let clockTolerance = 10_000

    private let bucket: KeyValueBucket
    private let account: AccountName

    init(of account: AccountName, connection: NATSConnection) {
        self.bucket = KeyValueBucket(Self.bucketName, connection: connection)
        self.account = account
    }

    /// Makes the bucket that all accounts share, if it is missing.
    static func makeBucket(on connection: NATSConnection, _ streams: StreamSettings) async throws(NATSError) {
        try await KeyValueBucket(self.bucketName, connection: connection).makeIfMissing(
            maximumAge: self.age, storage: streams.storage == .memory ? .memory : .file, replicas: streams.replicas)
    }

    /// Claims a key before its request is sent.
    ///
    /// - Parameters:
    ///   - key: as the requester gave it; stored under its SHA-256.
    ///   - time: by when the request has ended one way or the other, counted from now.
    /// - Throws: `NATSError` where that cannot be settled: nothing may be sent then.
    func claim(_ key: String, runningFor time: Duration) async throws(NATSError) -> Claim {
        let name = self.name(of: key)
        let until = Self.now + Int(time / .milliseconds(1)) + Self.clockTolerance
        let record = IdempotencyRecord.running(untilMilliseconds: until)
        // A second look: a claim may be freed, or its replica be behind, between one step and the next.
        for _ in 0..<3 {
            let change = try await self.bucket.create(name, headers: record.headers, value: record.value)
            if case .made(let revision) = change { return .first(revision: revision) }
            guard let entry = try await self.bucket.value(of: name) else { continue }
            switch IdempotencyRecord(entry) {
            case .running(let until)?: return until < Self.now ? .unknown : .running
            case .answered(let payload, let headers)?: return .answered(payload: payload, headers: headers)
            case nil: throw NATSError(.refused, "WHATSAPP_IDEMPOTENCY holds something unreadable for the key")
            }
        }
        throw NATSError(.refused, "WHATSAPP_IDEMPOTENCY does not settle who is first")
    }

    /// Keeps the reply for those who come with the same key within a day.
    func keep(_ key: String, payload: [UInt8], headers: [NATSHeader], after revision: UInt64) async throws(NATSError) {
        let record = IdempotencyRecord.answered(payload: payload, headers: headers)
        _ = try await self.bucket.update(
            self.name(of: key), headers: record.headers, value: record.value, after: revision)
    }

    /// Frees the key: the request certainly was not sent.
    func free(_ key: String, after revision: UInt64) async throws(NATSError) {
        _ = try await self.bucket.delete(self.name(of: key), after: revision)
    }

    /// Accounts do not share keys, so that one bot's cannot meet another's.
    private func name(of key: String) -> String {
        let digits = SHA256.hash(data: Array(key.utf8)).withUnsafeBytes { HexDigits.text(of: $0) }
        return "\(self.account.value).\(digits)"
    }

    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
