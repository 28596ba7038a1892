import TestSupport
import Testing

@Suite struct NotifyListenerTests {
    /// Sends a datagram as `sd_notify` does, with the Perl that every Debian has.
    private func send(_ notice: String, to listener: NotifyListener) async throws {
        let script = """
            use Socket; socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die; \
            send($s, $ARGV[1], 0, pack_sockaddr_un($ARGV[0])) or die;
            """
        let sender = try await RunningProcess.start("/usr/bin/perl", arguments: ["-e", script, listener.path, notice])
        #expect(try await sender.waitForExit() == .exited(0))
    }

    @Test func `Notices are kept in order, and can be waited for`() async throws {
        let listener = try NotifyListener()
        #expect(listener.notices.isEmpty && listener.status == nil)
        try await self.send("STATUS=waiting", to: listener)
        try await self.send("READY=1\nSTATUS=serving a=b", to: listener)
        let ready = try await listener.waitForNotice("READY=1") { $0.isReady }
        #expect(ready.status == "serving a=b" && !ready.isStopping)
        #expect(listener.notices.map(\.status) == ["waiting", "serving a=b"])
        #expect(listener.status == "serving a=b")
        await #expect(throws: Overdue.self) {
            try await listener.waitForNotice("READY=1", from: 2, within: .milliseconds(50)) { $0.isReady }
        }
    }

    @Test func `A status that is not there is not found in another variable`() async throws {
        let listener = try NotifyListener()
        try await self.send("X_STATUS=no\nSTOPPING=1", to: listener)
        let notice = try await listener.waitForNotice("STOPPING=1") { $0.isStopping }
        #expect(notice.status == nil && !notice.isReady && notice["X_STATUS"] == "no")
    }
}
