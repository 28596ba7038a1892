import Foundation
import Glibc
import Testing

@testable import Supervisor

@Suite struct NotifySocketTests {
    private let parent = FileManager.default.temporaryDirectory.path

    private func message(_ notice: NotifySocket.Notice?) -> (NotifyMessage, pid_t)? {
        if case .message(let message, let sender)? = notice { (message, sender) } else { nil }
    }

    @Test func `The kernel says who sent a notice`() throws {
        let socket = try NotifySocket(below: self.parent)
        #expect(socket.receive() == nil)
        #expect(Sockets.send("READY=1", to: socket.path))
        let (message, sender) = try #require(self.message(socket.receive()))
        #expect(message.isReady)
        #expect(sender == getpid())
        #expect(socket.receive() == nil)
    }

    @Test func `Descriptors that come with a notice are closed`() throws {
        let socket = try NotifySocket(below: self.parent)
        let pipe = Pipe()
        #expect(Sockets.send("READY=1", passing: pipe.fileHandleForWriting.fileDescriptor, to: socket.path))
        try pipe.fileHandleForWriting.close()
        let (message, _) = try #require(self.message(socket.receive()))
        #expect(message.isReady)
        // The end comes once nobody has the writing end any more.
        var source = pollfd(fd: pipe.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&source, 1, 10_000) == 1)
        #expect(source.revents == Int16(POLLHUP))
    }

    @Test func `A notice that does not fit is unreadable, the next is not`() throws {
        let socket = try NotifySocket(below: self.parent)
        #expect(Sockets.send("READY=1\n" + String(repeating: "X=1\n", count: 4000), to: socket.path))
        #expect(Sockets.send("READY=1", to: socket.path))
        #expect(socket.receive() == .unreadable)
        #expect(self.message(socket.receive())?.0.isReady == true)
    }

    @Test func `Its directory is its user's alone, and gone with it, whatever workers have left there`() throws {
        var socket: NotifySocket? = try NotifySocket(below: self.parent)
        let directory = try #require(socket?.directory)
        #expect(socket?.path.hasPrefix(directory + "/") == true)
        for worker in ["ingress", "egress-sales#2"] {
            #expect(FileManager.default.createFile(atPath: "\(directory)/\(worker).sock", contents: nil))
        }
        let mode = try FileManager.default.attributesOfItem(atPath: directory)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        socket = nil
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    @Test func `Two have different paths`() throws {
        let (one, other) = (try NotifySocket(below: self.parent), try NotifySocket(below: self.parent))
        #expect(one.path != other.path)
    }

    @Test(
        arguments: [
            (nil, nil, "/tmp"), ("/run/whatsapp", "/var/tmp", "/run/whatsapp"), ("/run/a:/run/b", nil, "/run/a"),
            ("", "/var/tmp", "/var/tmp"), (nil, "", "/tmp"),
        ] as [(String?, String?, String)])
    func `It lies below the runtime directory, else among temporary files`(
        runtime: String?, temporary: String?, parent: String
    ) {
        #expect(NotifySocket.parentDirectory(runtimeDirectory: runtime, temporaryDirectory: temporary) == parent)
    }

    @Test(arguments: ["/nonexistent", "/tmp/" + String(repeating: "x", count: 120)])
    func `A place that will not do is named`(parent: String) throws {
        let error = try #require(throws: (any Error).self) { try NotifySocket(below: parent) }
        #expect("\(error)".contains(parent))
    }
}
