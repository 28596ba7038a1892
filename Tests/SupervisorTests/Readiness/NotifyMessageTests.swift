import TestSupport
import Testing

@testable import Supervisor

@Suite struct NotifyMessageTests {
    @Test func `READY, STATUS, STOPPING and WATCHDOG are understood`() {
        let message = NotifyMessage("READY=1\nSTATUS=serving 100 %\nSTOPPING=1\nWATCHDOG=1\n".utf8)
        #expect(message.isReady && message.isStopping && message.isPing)
        #expect(message.status == "serving 100 %")
    }

    @Test(arguments: [
        "", "\n\n", "READY", "READY=", "READY=0", "READY=1 ", " READY=1", "ready=1", "READY=11", "MAINPID=1",
        "FDSTORE=1",
        "WATCHDOG=trigger", "EXTEND_TIMEOUT_USEC=1", "RELOADING=1", "=", "XSTATUS=x",
    ])
    func `All else is passed over`(text: String) {
        #expect(NotifyMessage(text.utf8) == NotifyMessage("".utf8))
    }

    @Test func `A status is bounded, and free of control characters and broken UTF-8`() {
        let long = NotifyMessage("STATUS=\(String(repeating: "x", count: 4000))".utf8)
        #expect(long.status?.count == NotifyMessage.statusLimit)
        let hostile = NotifyMessage(Array("STATUS=a\u{1B}[2J\rb".utf8) + [0xFF, 0x00])
        #expect(hostile.status == "a [2J b\u{FFFD} ")
    }

    @Test func `Any bytes are taken`() {
        let seed = Seed.forTest()
        var random = seed.generator
        let words = ["READY=1", "STATUS=", "\n", "=", "\0", "STOPPING=1", "\u{FFFD}"].map { Array($0.utf8) }
        for _ in 0..<10_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0..<8, using: &random) {
                bytes +=
                    Bool.random(using: &random)
                    ? words.randomElement(using: &random)! : [.random(in: 0...255, using: &random)]
            }
            let status = NotifyMessage(bytes).status ?? ""
            #expect(status.unicodeScalars.count <= NotifyMessage.statusLimit, "seed \(seed)")
        }
    }
}
