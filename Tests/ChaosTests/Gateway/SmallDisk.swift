import Foundation
import TestSupport

/// A disk in memory whose room can be taken away and given back; only root may have one.
final class SmallDisk: Sendable {
    static let absence = "a full disk is left out: mounting a tmpfs takes root"
    /// Far more than a round stores.
    private static let roomyBytes = 1 << 30

    let path: String
    private let folder: TemporaryFolder

    /// Mounts it; nil where that is not allowed.
    static func mount() async throws -> SmallDisk? {
        guard geteuid() == 0 else { return nil }
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/disk"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let options = "size=\(Self.roomyBytes),mode=0700"
        guard try await self.run("mount", ["-t", "tmpfs", "-o", options, "whatsapp-bot-nats-chaos", path]) else {
            return nil
        }
        return SmallDisk(path: path, folder: folder)
    }

    private init(path: String, folder: TemporaryFolder) {
        self.path = path
        self.folder = folder
    }

    /// Leaves so little room that it is full a moment later.
    func fill() async throws {
        // What is written between the look and the change may be more than was left: then more is.
        for room in (17...24).map({ 1 << $0 }) {
            var status = statvfs()
            guard statvfs(self.path, &status) == 0 else { throw SystemCallFailure("statvfs") }
            let used = Int(status.f_blocks - status.f_bfree) * Int(status.f_frsize)
            if try await self.resize(to: used + room) { return }
        }
        throw GatewayTrouble("the disk cannot be made full")
    }

    /// Gives all the room back.
    func giveBack() async throws {
        guard try await self.resize(to: Self.roomyBytes) else { throw GatewayTrouble("the disk stays full") }
    }

    /// Takes it away with all that it holds, as soon as its last user is gone.
    func unmount() async throws {
        _ = try await Self.run("umount", ["-l", self.path])
    }

    /// Answers false where that is less than it holds.
    private func resize(to bytes: Int) async throws -> Bool {
        try await Self.run("mount", ["-o", "remount,size=\(bytes)", self.path])
    }

    private static func run(_ command: String, _ arguments: [String]) async throws -> Bool {
        let path = ["/usr/bin/", "/bin/"].map { $0 + command }.first { access($0, X_OK) == 0 }
        guard let path else { return false }
        return try await RunningProcess.start(path, arguments: arguments).waitForExit() == .exited(0)
    }
}
