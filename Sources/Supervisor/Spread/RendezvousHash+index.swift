import Addressing

extension RendezvousHash {
    /// The one of `count` shards or processes, counted from 1, to which an account falls.
    static func index(of account: AccountName, among count: Int) -> Int {
        guard count > 1 else { return 1 }
        var (winner, heaviest) = (1, Self.weight(of: account, for: "1"))
        for index in 2...count {
            let weight = Self.weight(of: account, for: "\(index)")
            if weight > heaviest { (winner, heaviest) = (index, weight) }
        }
        return winner
    }
}
