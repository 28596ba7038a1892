package import Foundation

/// A real nats-server on a port of its own, with a store of its own that goes away with it.
package final class NATSServer: Sendable {
    /// Says why a suite that needs nats-server is skipped.
    package static let absence: String =
        "nats-server is not here: install Debian's package nats-server, or set NATS_SERVER to an executable"

    /// The executable: `$NATS_SERVER`, else where Debian puts it, else the first in `PATH`.
    package static let executable: String? = {
        let environment = ProcessInfo.processInfo.environment
        if let named = environment["NATS_SERVER"], !named.isEmpty { return named }
        let folders = ["/usr/sbin", "/usr/bin"] + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return folders.map { "\($0)/nats-server" }.first { access($0, X_OK) == 0 }
    }()

    /// Whether suites that need a server should run: it is here, or `CI` is `true`, where its absence is a failure.
    ///
    /// Used as `@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))`.
    package static var isAvailable: Bool {
        self.executable != nil || ProcessInfo.processInfo.environment["CI"] == "true"
    }

    /// The server is not on this machine.
    package struct Absent: Error, CustomStringConvertible {
        package var description: String { NATSServer.absence }
    }

    /// What was started speaks, but not as a nats-server does.
    package struct UnexpectedWords: Error, Hashable {
        package let words: String
    }

    /// Where it listens; the same through restarts.
    package let port: Int
    package let options: NATSServerOptions
    private let folder: TemporaryFolder
    private let executable: String
    private let process: Watched<RunningProcess>

    private init(
        port: Int, options: NATSServerOptions, folder: TemporaryFolder, executable: String, process: RunningProcess
    ) {
        self.port = port
        self.options = options
        self.folder = folder
        self.executable = executable
        self.process = Watched(process)
    }

    /// Starts a server and returns when it takes connections.
    ///
    /// - Throws: `Absent`, `Overdue`, `OutputEnded` with the server's last words when its configuration is wrong.
    package static func start(_ options: NATSServerOptions = NATSServerOptions()) async throws -> NATSServer {
        guard let executable else { throw Absent() }
        let folder = try TemporaryFolder()
        let port = try FreePort.find()
        let process = try await self.launch(executable, options, port: port, folder: folder)
        return NATSServer(port: port, options: options, folder: folder, executable: executable, process: process)
    }

    /// Runs a server for as long as the closure takes.
    package static func running<Result>(
        _ options: NATSServerOptions = NATSServerOptions(), _ body: (NATSServer) async throws -> Result
    ) async throws -> Result {
        let server = try await self.start(options)
        do {
            let result = try await body(server)
            try await server.stop()
            return result
        } catch {
            try? await server.stop()
            throw error
        }
    }

    /// The URL for clients, with the login or token in it.
    package var url: String {
        let scheme = self.options.certificates == nil ? "nats" : "tls"
        let host = self.options.certificates == nil ? "127.0.0.1" : "localhost"
        if let login = self.options.login { return "\(scheme)://\(login.user):\(login.password)@\(host):\(self.port)" }
        if let token = self.options.token { return "\(scheme)://\(token)@\(host):\(self.port)" }
        return "\(scheme)://\(host):\(self.port)"
    }

    /// What the server writes to its log, since its latest start.
    package var log: ProcessOutput { self.process.current.standardError }

    package var processID: pid_t { self.process.current.processID }

    /// Stops it with SIGTERM and waits until it is gone; it can be started again with `restart()`.
    package func stop() async throws {
        let process = self.process.current
        process.signal(SIGCONT)
        process.terminate()
        try await process.waitForExit()
    }

    /// Ends it with SIGKILL, as a crash does, and waits until it is gone.
    package func kill() async throws {
        let process = self.process.current
        process.kill()
        try await process.waitForExit()
    }

    /// Starts it again at the same port, over the same store, and returns when it takes connections; a running one is
    /// stopped first.
    ///
    /// - Parameter options: in place of those it was started with.
    package func restart(with options: NATSServerOptions? = nil) async throws {
        if self.process.current.isRunning { try await self.stop() }
        let process = try await Self.launch(
            self.executable, options ?? self.options, port: self.port, folder: self.folder)
        self.process.update { $0 = process }
    }

    /// Stops it where it stands (SIGSTOP), every thread of it: connections stay open, nothing is answered.
    package func pause() {
        self.process.current.signal(SIGSTOP)
        // A thread that runs on another processor takes a moment to see it.
        let deadline = ContinuousClock.now + .seconds(5)
        while !self.isStopped, ContinuousClock.now < deadline { usleep(500) }
    }

    /// Lets a paused server go on.
    package func resume() { self.process.current.signal(SIGCONT) }

    package func signal(_ signal: Int32) { self.process.current.signal(signal) }

    /// Whether the kernel has stopped each of its threads.
    private var isStopped: Bool {
        let folder = "/proc/\(self.processID)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return threads.allSatisfy { thread in
            let line = try? String(contentsOfFile: "\(folder)/\(thread)/stat", encoding: .utf8)
            return line?.split(separator: ")").last?.split(separator: " ").first == "T"
        }
    }

    private static func launch(
        _ executable: String, _ options: NATSServerOptions, port: Int, folder: TemporaryFolder
    ) async throws -> RunningProcess {
        let configuration = options.configuration(port: port, storeFolder: "\(folder.path)/store")
        let path = try folder.write(configuration, to: "nats-server.conf")
        let process = try await RunningProcess.start(executable, arguments: ["-c", path], keeping: folder)
        // The server says that it is ready when JetStream has read its store.
        try await process.standardError.waitForLine(containing: "Server is ready", within: .seconds(30))
        let connection = try await RawConnection.connect(port: port)
        let greeting = try await connection.takeLine()
        await connection.close()
        guard greeting.hasPrefix("INFO ") else { throw UnexpectedWords(words: greeting) }
        return process
    }
}
