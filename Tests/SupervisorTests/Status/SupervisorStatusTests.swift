import Testing

@testable import Supervisor

@Suite struct SupervisorStatusTests {
    private static func worker(isReady: Bool, name: String = "egress-shop") -> SupervisorStatus.Worker {
        SupervisorStatus.Worker(
            name: name, component: "egress", accounts: ["shop", "support"], pid: 12, state: "ready", isReady: isReady,
            uptime: 3, restarts: 0, lastExit: "exit status 70 (internal error)", inFlight: 0, reason: nil)
    }

    private static func status(_ workers: [SupervisorStatus.Worker]) -> SupervisorStatus {
        SupervisorStatus(
            version: "0.1.0", pid: 7, shard: "1/2", uptime: 9, text: "2 workers ready", isReady: true, workers: workers)
    }

    @Test func `What is written is read again as it was`() {
        var bare = Self.worker(isReady: false, name: "egress-\"quoted\"")
        (bare.pid, bare.uptime, bare.lastExit, bare.inFlight, bare.reason) = (nil, nil, nil, nil, "why")
        let status = Self.status([Self.worker(isReady: true), bare])
        #expect(SupervisorStatus(json: status.json) == status)
        #expect(!status.json.contains(10))
    }

    @Test func `All, some and none of the workers are told apart; of no workers all are ready`() {
        #expect(Self.status([]).readiness == .all)
        var starting = Self.status([])
        starting.isReady = false
        #expect(starting.readiness == .none)
        #expect(Self.status([Self.worker(isReady: true)]).readiness == .all)
        #expect(Self.status([Self.worker(isReady: true), Self.worker(isReady: false)]).readiness == .some)
        #expect(Self.status([Self.worker(isReady: false)]).readiness == .none)
    }

    @Test(arguments: [
        "", "ok", "null", "[]", "{}", #"{"service":"nginx","pid":1,"ready":true,"status":"","workers":[]}"#,
        #"{"service":"whatsapp-supervisor","pid":1,"ready":true,"status":"fine"}"#,
        #"{"service":"whatsapp-supervisor","pid":"1","ready":true,"status":"fine","workers":[]}"#,
        #"{"service":"whatsapp-supervisor","pid":1,"ready":true,"status":"fine","workers":{}}"#,
        #"{"service":"whatsapp-supervisor","pid":1,"ready":true,"status":"fine","workers":[1]}"#,
        #"{"service":"whatsapp-supervisor","pid":1,"ready":true,"status":"fine","workers":[{"worker":"x"}]}"#,
    ])
    func `What is no supervisor's status is none`(text: String) {
        #expect(SupervisorStatus(json: Array(text.utf8)) == nil)
    }

    @Test func `Nothing in it moves a terminal's cursor or changes its colours`() throws {
        let text = #"""
            {"service":"whatsapp-supervisor","pid":1,"ready":true,"status":"\u001b[31mred\u009b2J\r\n","workers":[
            {"worker":"a\u0007\u202eb","state":"\u001b]0;title","ready":true,"accounts":["\u001bc"],"reason":"\u007f"}]}
            """#
        let status = try #require(SupervisorStatus(json: Array(text.utf8)))
        let shown = StatusTable(status: status, isColoured: false).lines.joined()
        #expect(shown.contains("red") && shown.contains("title"))
        for scalar in (shown + String(decoding: status.json, as: UTF8.self)).unicodeScalars {
            #expect(scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format)
        }
    }

    @Test func `Members that a later version adds do no harm`() throws {
        let text = #"""
            {"new":[{}],"service":"whatsapp-supervisor","pid":1,"ready":false,"status":"s","workers":[
            {"worker":"a","state":"hibernating","ready":false,"moon":1}]}
            """#
        let status = try #require(SupervisorStatus(json: Array(text.utf8)))
        #expect(status.workers.map(\.state) == ["hibernating"])
        #expect(StatusTable(status: status, isColoured: true).lines[1].contains("hibernating"))
    }
}
