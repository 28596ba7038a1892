import Testing

@testable import Supervisor

@Suite struct StatusTableTests {
    private static func worker(
        _ name: String, _ state: WorkerState, accounts: [String] = ["shop"], isReady: Bool? = nil
    ) -> SupervisorStatus.Worker {
        let ready = isReady ?? (state == .ready)
        return SupervisorStatus.Worker(
            name: name, component: name == "ingress" ? "ingress" : "egress", accounts: accounts, pid: 812,
            state: state.rawValue, isReady: ready, uptime: 75, restarts: 2, lastExit: "killed by SIGKILL", inFlight: 3,
            reason: ready ? nil : "waiting for NATS at localhost:4222")
    }

    private static func lines(_ workers: [SupervisorStatus.Worker], coloured: Bool = false) -> [String] {
        let status = SupervisorStatus(
            version: "0.1.0", pid: 7, shard: "1/1", uptime: 90_061, text: "1 of 2 workers ready; and why",
            isReady: true,
            workers: workers)
        return StatusTable(status: status, isColoured: coloured).lines
    }

    @Test func `Every column begins at one place, numbers end at one, and reasons follow`() {
        var idle = Self.worker("egress-support", .waiting, accounts: ["support"])
        (idle.pid, idle.uptime, idle.inFlight, idle.restarts) = (nil, nil, nil, 11)
        #expect(
            Self.lines([Self.worker("ingress", .ready, accounts: ["shop", "support"]), idle]) == [
                "WORKER          ACCOUNTS  PID  STATE    UPTIME  RESTARTS  LAST EXIT          IN FLIGHT",
                "ingress         all 2     812  ready    1m 15s         2  killed by SIGKILL          3",
                "egress-support  support     -  waiting  -             11  killed by SIGKILL          -",
                "",
                "1 of 2 workers ready (supervisor 0.1.0, pid 7, up 1d 1h, shard 1/1)",
                "egress-support: waiting for NATS at localhost:4222",
            ])
    }

    @Test func `Without workers there is no table, and the status is whole`() {
        #expect(Self.lines([]) == ["1 of 2 workers ready; and why (supervisor 0.1.0, pid 7, up 1d 1h, shard 1/1)"])
    }

    @Test func `A long list of accounts is cut, a long name is not`() {
        let many = (1...200).map { "account_\($0)" }
        let line = Self.lines([Self.worker("egress-1", .ready, accounts: many)])[1]
        #expect(line.contains("egress-1  account_1, account_2, account_3 and 197 more  812"))
        let name = String(repeating: "x", count: 64)
        #expect(Self.lines([Self.worker("egress-1", .ready, accounts: [name, "b"])])[1].contains("\(name) and 1 more"))
    }

    @Test(arguments: [
        (WorkerState.ready, "32"), (.starting, "33"), (.unready, "33"), (.waiting, "33"), (.draining, "33"),
        (.stuck, "31"), (.failing, "31"), (.down, "31"),
    ])
    func `A state has its colour on a terminal, and nothing else has one`(state: WorkerState, number: String) {
        // Named like a state, to mislead.
        let worker = Self.worker("egress-\(state.rawValue)", state, accounts: [state.rawValue])
        let line = Self.lines([worker], coloured: true)[1]
        #expect(line.contains("  \u{1B}[\(number)m\(state.rawValue)\u{1B}[0m"))
        #expect(line.count { $0 == "\u{1B}" } == 2)
        let plain = line.replacing("\u{1B}[\(number)m", with: "").replacing("\u{1B}[0m", with: "")
        #expect(plain == Self.lines([worker])[1])
    }

    @Test func `A worker that fails and is ready for now says both`() {
        #expect(Self.lines([Self.worker("egress-1", .failing, isReady: true)])[1].contains("failing, ready"))
    }

    @Test(arguments: [(0, "0s"), (59, "59s"), (60, "1m 0s"), (3599, "59m 59s"), (3600, "1h 0m"), (86_400, "1d 0h")])
    func `A time has its two largest units`(seconds: Int, text: String) {
        #expect(StatusTable.time(seconds) == text)
    }
}
