import Testing

@testable import Daemon

@Suite struct StartPagesTests {
    @Test func `Code of a file is given back`() {
        let line = "55e000001000-55e000003000 r-xp 00001000 fe:00 123                        /usr/bin/whatsapp-egress\n"
        #expect(StartPages.unwrittenRange(line) == 0x55e0_0000_1000..<0x55e0_0000_3000)
    }

    @Test func `Constants before the code are given back`() {
        let line = "55e000000000-55e000001000 r--p 00000000 fe:00 123                        /usr/bin/whatsapp-egress\n"
        #expect(StartPages.unwrittenRange(line) == 0x55e0_0000_0000..<0x55e0_0000_1000)
    }

    @Test(arguments: [
        "55e000001000-55e000003000 rw-p 00001000 fe:00 123                        /usr/bin/whatsapp-egress\n",
        "55e000001000-55e000003000 r--p 00001000 fe:00 123                        /usr/bin/whatsapp-egress\n",
        "55e000001000-55e000003000 r-xp 00000000 00:00 0                          [vdso]\n",
        "55e000001000-55e000003000 r-xp 00000000 00:00 0 \n",
        "55e000003000-55e000001000 r-xp 00001000 fe:00 123                        /usr/bin/whatsapp-egress\n",
        "", "- r-xp 0 0 0 /",
    ])
    func `Nothing else is`(_ line: String) {
        #expect(StartPages.unwrittenRange(line) == nil)
    }

    @Test func `The process goes on`() {
        StartPages.release()
        StartPages.release()
    }
}
