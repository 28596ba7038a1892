import Logging
import Settings

/// What a supervisor does on SIGHUP.
extension Supervision {
    /// Reads the configuration anew and begins what follows from it; a wrong one is refused whole.
    mutating func beginReload() {
        self.logger.notice("reloading")
        self.report.reloading(self.crew.roster, at: .now)
        do throws(SettingsError) {
            let format = self.configuration.assembly.settings.log.format
            for variable in try self.configuration.reload() {
                self.logger.warning("\(variable) has changed: only a restart brings that about; restart when it suits")
            }
            if self.configuration.assembly.settings.log.format != format {
                self.logger.warning(
                    "LOG_FORMAT has changed, which the supervisor reads at its start alone; restart it to take it over")
            }
        } catch {
            self.refuse(error)
            return
        }
        let level = self.configuration.assembly.settings.log.level
        self.logger.logLevel = Logger.Level(rawValue: level.rawValue) ?? self.logger.logLevel
        self.crew.log(at: self.logger.logLevel)
        self.watch()
        self.crew.roster.idleReason = self.configuration.assembly.idleReason
        self.begin(self.plan())
    }

    /// Goes on with the reload under way, if there is one.
    mutating func continueReload() {
        guard var reload = self.reload else { return }
        // Some are decided as soon as they begin: an executable may be missing.
        repeat { self.decide(&reload) } while self.startGroups(&reload)
        self.reload = reload
        if reload.isOver { self.end(reload) } else { self.report.note("reloading, \(reload.groupsLeft) to go") }
    }

    private mutating func decide(_ reload: inout Reload) {
        let roster = self.crew.roster
        for (handover, verdict) in reload.takeVerdicts(at: .now, { roster.progress(of: $0) }) {
            self.obey(verdict, on: handover)
        }
    }

    /// - Returns: whether there was any.
    private mutating func startGroups(_ reload: inout Reload) -> Bool {
        var hasStarted = false
        while let group = reload.nextGroup() {
            hasStarted = true
            if group.old.contains(where: { self.crew.roster[$0]?.life.isAlive == true }) {
                reload.began(self.startHandover(group))
            } else {
                // Nobody serves these accounts now, so there is nothing to lose.
                for id in group.old { self.crew.tell(.drain, to: id) }
                for newcomer in group.new { self.add(newcomer.plan, proving: newcomer.proofs) }
                reload.replaced(group.old.count)
            }
        }
        return hasStarted
    }

    private mutating func startHandover(_ group: ReloadPlan.Group) -> Handover {
        for id in group.old { self.crew.tell(.challenged, to: id) }
        let new = group.new.map { newcomer in
            let id = self.crew.add(
                newcomer.plan, self.configuration.terms, as: .newcomer, proving: newcomer.proofs)
            self.crew.tell(.begin, to: id)
            return (id: id, name: newcomer.plan.name)
        }
        return Handover(from: group.old, to: new, at: .now)
    }

    private func plan() -> ReloadPlan {
        let wanted = self.configuration.plans
        let present = self.crew.roster.members.filter { $0.mayStay }.map {
            ReloadPlan.Present(id: $0.id, plan: $0.plan, executable: $0.child?.executable)
        }
        var executables: [String: ExecutableIdentity] = [:]
        for path in Set(wanted.map(\.executable)) { executables[path] = ExecutableIdentity(path: path) }
        return ReloadPlan(from: present, to: wanted, executables: executables)
    }

    private mutating func begin(_ plan: ReloadPlan) {
        self.reload = Reload(plan)
        for id in plan.kept { self.crew.tell(.renew, to: id) }
        for id in plan.removed { self.crew.tell(.drain, to: id) }
        for plan in plan.added { self.add(plan) }
    }

    private mutating func obey(_ verdict: Handover.Verdict, on handover: Handover) {
        switch verdict {
        case .open: break
        case .won:
            for (id, _) in handover.new { self.crew.tell(.confirmed, to: id) }
            for id in handover.old { self.crew.tell(.drain, to: id) }
        case .lost(let worker, let reason):
            self.logger.error(
                "not replaced, the old configuration stays: \(reason); correct it, and reload again",
                metadata: ["worker": "\(worker)"])
            for (id, _) in handover.new { self.crew.tell(.drain, to: id) }
            for id in handover.old { self.crew.tell(.confirmed, to: id) }
        }
    }

    private mutating func refuse(_ error: SettingsError) {
        for problem in error.problems { self.logger.error("reload refused: \(problem); correct it, and reload again") }
        let others = error.problems.count > 1 ? ", and \(error.problems.count - 1) more in the log" : ""
        self.lastReload = .failed
        self.report.note("reload refused: \(error.problems[0].description.prefix(200))\(others)")
        self.report.reloaded()
    }

    private mutating func end(_ reload: Reload) {
        self.reload = nil
        let summary = reload.summary
        self.logger.notice(
            "reloaded",
            metadata: [
                "kept": "\(summary.kept)", "replaced": "\(summary.replaced)", "added": "\(summary.added)",
                "removed": "\(summary.removed)", "failed": "\(summary.failed)",
            ])
        self.lastReload = reload.failures.isEmpty ? .succeeded : .failed
        let failed = reload.failures.prefix(10).joined(separator: ", ")
        self.report.note(reload.failures.isEmpty ? nil : "reload failed, the old configuration stays: \(failed)")
        self.report.reloaded()
    }
}

extension Roster {
    fileprivate func progress(of id: WorkerID) -> Handover.Progress {
        guard let member = self[id], member.life.isAlive else { return .ended }
        return member.life.isReady ? .ready : .starting(status: member.status)
    }
}

extension Roster.Member {
    /// Whether it is not about to go.
    fileprivate var mayStay: Bool {
        switch self.life.state {
        case .draining, .killed, .gone: false
        case .idle, .running, .stuck, .waiting, .held, .down: true
        }
    }
}
