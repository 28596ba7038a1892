import Addressing
import Settings

extension Shard {
    /// Whether an account falls to this shard.
    func takes(_ account: AccountName) -> Bool {
        RendezvousHash.index(of: account, among: self.count) == self.index
    }
}
