import ArgumentParser
import Glibc

/// Stands where systemd would: takes a process's notices and prints a text once it is ready.
struct AwaitReadyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "await-ready", abstract: "Listens on a notify socket and prints a text when READY=1 arrives.")

    @Option(help: "Where to listen; NOTIFY_SOCKET of the process that is waited for.")
    var socket: String
    @Option(help: "A file whose text is printed then.")
    var text: String

    func run() throws {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard self.socket.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw ValidationError("the socket's path is too long")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: self.socket.utf8) }
        unlink(self.socket)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw ValidationError("cannot listen on \(self.socket): errno \(errno)") }
        var buffer = [UInt8](repeating: 0, count: 4096)
        var wasReady = false
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { continue }
            let isReady = String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").contains("READY=1")
            if isReady, !wasReady {
                wasReady = true
                printNow(try contents(of: self.text))
            }
        }
    }

    private func contents(of path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw ValidationError("cannot read \(path)") }
        defer { fclose(file) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
            text += chunk[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Prints a line so that whoever reads a pipe sees it now.
func printNow(_ line: String) {
    print(line)
    fflush(nil)
}
