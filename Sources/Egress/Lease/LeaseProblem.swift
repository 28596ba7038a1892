/// What is wrong with the bucket of leases: no queue lane is served with it.
enum LeaseProblem: Error, Hashable, CustomStringConvertible {
    /// There is none yet.
    case missing
    /// Values are kept too short to be refreshed in peace, or too long for a dead holder's successor; `nil`: for ever.
    case age(Duration?)
    /// A restarted nats-server would forget the leases.
    case storage(String)

    var description: String {
        switch self {
        case .missing:
            "bucket WHATSAPP_LEASE is not there"
        case .age(let age):
            "bucket WHATSAPP_LEASE has max_age \(age.map { "\($0)" } ?? "0 (for ever)"), not "
                + "\(LeaseTerm.lengths.lowerBound) to \(LeaseTerm.lengths.upperBound); delete it, and it is made anew"
        case .storage(let storage):
            "bucket WHATSAPP_LEASE has storage \(storage), not file; delete it, and it is made anew"
        }
    }
}
