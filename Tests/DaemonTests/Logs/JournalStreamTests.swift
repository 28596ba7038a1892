import Glibc
import TestSupport
import Testing

@testable import Daemon

@Suite struct JournalStreamTests {
    @Test func `A stream is the journal when device and inode are those of the variable`() throws {
        let folder = try TemporaryFolder()
        let descriptor = open(folder.path, O_RDONLY)
        defer { close(descriptor) }
        var status = stat()
        #expect(fstat(descriptor, &status) == 0)
        let (device, inode) = (status.st_dev, status.st_ino)
        #expect(JournalStream.isJournal(descriptor, variable: "\(device):\(inode)"))
        for other in ["\(device):\(inode + 1)", "\(device + 1):\(inode)", "\(inode):\(device)"] {
            #expect(!JournalStream.isJournal(descriptor, variable: other))
        }
        #expect(!JournalStream.isJournal(-1, variable: "\(device):\(inode)"))
    }

    @Test(arguments: [nil, "", ":", "1", "1:", ":1", "1:2:3", "a:b", "-1:-1", "18446744073709551616:1"])
    func `What is no device and inode is no journal`(variable: String?) {
        #expect(!JournalStream.isJournal(STDERR_FILENO, variable: variable))
    }
}
