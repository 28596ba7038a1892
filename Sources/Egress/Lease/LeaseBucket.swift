import Addressing
import NATSClient
import Settings

/// The key-value bucket `WHATSAPP_LEASE`: a key an account, its value a ``LeaseRecord``, its maximum age the term.
struct LeaseBucket: Sendable {
    /// What the bucket holds of one account.
    struct Look: Hashable, Sendable {
        let term: LeaseTerm
        /// `nil` where nobody has the lease.
        let found: FoundLease?
    }

    private static let name = "WHATSAPP_LEASE"

    /// Where an account's records pass by as messages.
    let subject: String
    private let key: String
    private let bucket: KeyValueBucket
    private let connection: NATSConnection

    /// - Parameter timeout: of one request; one that takes longer would come too late.
    init(of account: AccountName, connection: NATSConnection, timeout: Duration = LeaseTerm.standard.refreshInterval) {
        self.key = account.value
        self.subject = "$KV.\(Self.name).\(account.value)"
        self.bucket = KeyValueBucket(Self.name, connection: connection, timeout: timeout)
        self.connection = connection
    }

    /// Makes the bucket that all accounts share, if it is missing.
    ///
    /// It is kept in files whatever `STREAM_STORAGE` says: a server that forgot the leases would give them away while
    /// their holders still count on them.
    static func make(on connection: NATSConnection, _ streams: StreamSettings) async throws(NATSError) {
        try await KeyValueBucket(self.name, connection: connection).makeIfMissing(
            maximumAge: LeaseTerm.standard.length, storage: .file, replicas: streams.replicas)
    }

    /// What is wrong with the bucket; `nil` where leases can be held.
    static func problem(on connection: NATSConnection) async throws(NATSError) -> LeaseProblem? {
        switch try await self.term(on: connection) {
        case .success: nil
        case .failure(let problem): problem
        }
    }

    /// Reads the term and the account's record; the problem where the bucket will not do.
    func look() async throws(NATSError) -> Result<Look, LeaseProblem> {
        try self.checkConnection()
        return switch try await Self.term(on: self.connection) {
        case .success(let term): .success(Look(term: term, found: try await self.found()))
        case .failure(let problem): .failure(problem)
        }
    }

    /// Reads the account's record.
    func found() async throws(NATSError) -> FoundLease? {
        try self.checkConnection()
        guard let entry = try await self.bucket.value(of: self.key) else { return nil }
        return FoundLease(revision: entry.revision, record: LeaseRecord(parsing: entry.value))
    }

    /// Writes a record if the key's revision is still that one; 0 for none.
    func write(_ record: LeaseRecord, after revision: UInt64) async throws(NATSError) -> KeyValueBucket.Change {
        try self.checkConnection()
        return try await self.bucket.update(self.key, value: record.json, after: revision)
    }

    /// Without a connection nothing is written: the client library would keep it, and send it when it is of no use.
    private func checkConnection() throws(NATSError) {
        guard self.connection.isConnected else { throw NATSError(.disconnected, "not connected to NATS") }
    }

    /// The names of the accounts whose lane somebody holds, or has just given back.
    static func heldAccounts(on connection: NATSConnection) async throws(NATSError) -> Set<String> {
        Set(try await KeyValueBucket(self.name, connection: connection).keys(matching: "*"))
    }

    private static func term(on connection: NATSConnection) async throws(NATSError) -> Result<LeaseTerm, LeaseProblem> {
        let jetStream = JetStream(connection, timeout: .seconds(2))
        guard let stream = try await jetStream.stream(named: "KV_\(self.name)") else { return .failure(.missing) }
        guard stream.storage == StreamConfiguration.Storage.file.rawValue else {
            return .failure(.storage(stream.storage))
        }
        guard let age = stream.maximumAge, let term = LeaseTerm(age) else { return .failure(.age(stream.maximumAge)) }
        return .success(term)
    }
}
