import Addressing
import Glibc
import Settings

/// What the kernel takes as arguments and environment of one process, in bytes: both hold the accounts of a worker.
struct ArgumentRoom: Hashable, Sendable {
    /// What a worker is given beside its accounts is a small part of this.
    private static let reserve = 64 * 1024
    /// Linux takes no more, however large the stack may grow.
    private static let largest = 6 * 1024 * 1024

    /// For accounts.
    let bytes: Int

    init(bytes: Int) {
        self.bytes = bytes
    }

    /// This process' own: a quarter of what its stack may grow to, less a reserve.
    static var own: ArgumentRoom { ArgumentRoom(bytes: min(sysconf(Int32(_SC_ARG_MAX)), Self.largest) - Self.reserve) }

    /// Whether a worker can be told of these accounts.
    func holds(_ accounts: [Account]) -> Bool {
        accounts.reduce(0) { $0 + Self.size(of: $1) } <= self.bytes
    }

    private static func size(of account: Account) -> Int {
        // Each string has a zero at its end, and a pointer.
        let (name, string) = (account.name.value.utf8.count, 9)
        return "--account".utf8.count + name + 2 * string
            + "WA_=".utf8.count + name + account.phoneNumberID.value.utf8.count + string
            + "TOKEN_=".utf8.count + name + (account.accessToken?.revealed.utf8.count ?? 0) + string
            + "EGRESS_RATE_=1000000".utf8.count + name + string
    }
}

extension SupervisorSettings {
    /// Checks that every worker can be told of its accounts.
    func checkSizes(_ room: ArgumentRoom = .own, in reader: inout SettingsReader) {
        let accounts = Dictionary(uniqueKeysWithValues: self.accounts.map { ($0.name, $0) })
        guard let place = self.spread.places.first(where: { !room.holds($0.accounts.compactMap { accounts[$0] }) })
        else { return }
        reader.problem(
            Variables.egressWorkers.name,
            "expected more processes: the \(place.accounts.count) accounts of \(place.name) are more than the kernel lets a process be started with"
        )
    }
}
