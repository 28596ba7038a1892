import Addressing
import Settings

/// What a reload has to do, as a value: which workers stay, and which are replaced by which.
struct ReloadPlan {
    /// A worker that is there.
    struct Present {
        let id: WorkerID
        let plan: WorkerPlan
        /// What its process executes; nil where it has none, or that is not known.
        let executable: ExecutableIdentity?
    }

    /// A worker that is to come.
    struct Newcomer: Hashable {
        let plan: WorkerPlan
        /// The accounts that have another token than they had.
        let proofs: [AccountName]
    }

    /// Workers that are replaced together, since each of their accounts is to be served all the time.
    struct Group: Hashable {
        var old: [WorkerID] = []
        var new: [Newcomer] = []
    }

    /// Those of which nothing has changed.
    private(set) var kept: [WorkerID] = []
    /// Each has old workers and new ones.
    private(set) var groups: [Group] = []
    /// Workers for accounts that nobody served.
    private(set) var added: [WorkerPlan] = []
    /// Workers whose accounts nobody is to serve.
    private(set) var removed: [WorkerID] = []

    /// - Parameters:
    ///   - present: the workers that are not about to go.
    ///   - wanted: the workers by the configuration as it is now.
    ///   - executables: what lies on disk now, by path.
    init(from present: [Present], to wanted: [WorkerPlan], executables: [String: ExecutableIdentity]) {
        var wantedByName = [String: WorkerPlan](wanted.map { ($0.name, $0) }) { first, _ in first }
        var changed: [Present] = []
        for worker in present {
            let isSame = worker.executable == nil || worker.executable == executables[worker.plan.executable]
            if isSame, wantedByName[worker.plan.name] == worker.plan {
                self.kept.append(worker.id)
                // A second one of the same name is one too many.
                wantedByName[worker.plan.name] = nil
            } else {
                changed.append(worker)
            }
        }
        let tokens = Self.tokens(of: present)
        let newcomers = wanted.filter { wantedByName[$0.name] == $0 }.map { plan in
            Newcomer(plan: plan, proofs: plan.accounts.filter { Self.isChanged($0, in: plan, tokens) })
        }
        self.join(changed, newcomers)
    }

    /// How many workers are to be replaced.
    var replacedCount: Int { self.groups.reduce(0) { $0 + $1.old.count } }

    /// Joins old and new workers into the smallest groups outside of which none of their accounts is served.
    private mutating func join(_ old: [Present], _ new: [Newcomer]) {
        var sets = DisjointSets(count: old.count + new.count)
        var owners: [String: Int] = [:]
        for (index, plan) in (old.map(\.plan) + new.map(\.plan)).enumerated() {
            for place in plan.places {
                sets.join(index, owners[place, default: index])
                owners[place] = index
            }
        }
        var groups: [Int: Group] = [:]
        for (index, worker) in old.enumerated() { groups[sets.root(of: index), default: Group()].old.append(worker.id) }
        for (index, newcomer) in new.enumerated() {
            groups[sets.root(of: old.count + index), default: Group()].new.append(newcomer)
        }
        for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
            if group.old.isEmpty {
                self.added += group.new.map(\.plan)
            } else if group.new.isEmpty {
                self.removed += group.old
            } else {
                self.groups.append(group)
            }
        }
    }

    /// The tokens that each account has now; several where a reload failed for one of its workers.
    private static func tokens(of present: [Present]) -> [AccountName: Set<Secret>] {
        var tokens: [AccountName: Set<Secret>] = [:]
        for worker in present {
            for account in worker.plan.accounts {
                if let token = worker.plan.environment.token(of: account) { tokens[account, default: []].insert(token) }
            }
        }
        return tokens
    }

    /// Whether an account that somebody serves is to be served with another token.
    private static func isChanged(
        _ account: AccountName, in plan: WorkerPlan, _ tokens: [AccountName: Set<Secret>]
    ) -> Bool {
        guard let known = tokens[account], let token = plan.environment.token(of: account) else { return false }
        return known != [token]
    }
}

extension WorkerPlan {
    /// What it takes the place of others for: its accounts, or the one place of the ingress. No account's name begins
    /// with a slash.
    fileprivate var places: [String] { self.accounts.isEmpty ? ["/\(self.name)"] : self.accounts.map(\.value) }
}
