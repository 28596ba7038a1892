import Glibc
import TestSupport
import Testing

@Suite struct RunningProcessTests {
    private func shell(
        _ script: String, environment: [String: String] = [:], passing descriptors: [Int32: Int32] = [:]
    ) async throws -> RunningProcess {
        try await RunningProcess.start(
            "/bin/sh", arguments: ["-c", script], environment: environment, passing: descriptors)
    }

    @Test func `Lines of both outputs are kept apart, and the last needs no end`() async throws {
        let process = try await self.shell("echo one; echo two >&2; printf three; exit 3")
        #expect(try await process.waitForExit() == .exited(3))
        try await process.standardOutput.waitForEnd()
        try await process.standardError.waitForEnd()
        #expect(process.standardOutput.lines == ["one", "three"] && process.standardError.lines == ["two"])
    }

    @Test func `A line can be waited for, and its absence is told with what was written`() async throws {
        let process = try await self.shell("echo first; read line < /dev/zero & sleep 0.2; echo second; exec sleep 60")
        #expect(try await process.standardOutput.waitForLine(containing: "second") == "second")
        await #expect(throws: Overdue.self) {
            try await process.standardOutput.waitForLine(containing: "third", within: .milliseconds(50))
        }
        process.signalGroup(SIGKILL)
        #expect(try await process.waitForExit() == .killed(signal: SIGKILL))
        let error = await #expect(throws: OutputEnded.self) {
            try await process.standardOutput.waitForLine(containing: "third")
        }
        #expect(error?.description.contains("second") == true)
    }

    @Test func `The environment is the given one and no more`() async throws {
        let process = try await RunningProcess.start("/usr/bin/env", environment: ["A": "b=c", "EMPTY": ""])
        try await process.waitForExit()
        try await process.standardOutput.waitForEnd()
        #expect(Set(process.standardOutput.lines) == ["A=b=c", "EMPTY="])
    }

    @Test func `It has a process group of its own, no stray descriptors, and the folder that was asked for`()
        async throws
    {
        let process = try await RunningProcess.start(
            "/bin/sh", arguments: ["-c", "echo $$ $(ps -o pgid= $$) $(pwd); ls /proc/self/fd"],
            environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/usr")
        try await process.waitForExit()
        try await process.standardOutput.waitForEnd()
        let lines = process.standardOutput.lines
        #expect(lines.first == "\(process.processID) \(process.processID) /usr")
        // `ls` itself opens the folder as 3.
        #expect(lines.dropFirst() == ["0", "1", "2", "3"])
    }

    @Test func `Descriptors are passed under the numbers that were asked for`() async throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        let process = try await self.shell("echo through >&5", passing: [5: ends[1]])
        try await process.waitForExit()
        close(ends[1])
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = read(ends[0], &buffer, buffer.count)
        #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "through\n")
        close(ends[0])
    }

    @Test func `A signal after the end does nothing`() async throws {
        let process = try await self.shell("exit 0")
        try await process.waitForExit()
        process.kill()
        #expect(process.endingSoFar == .exited(0))
    }

    @Test func `An executable that is not there is an error`() async throws {
        await #expect(throws: SystemCallFailure.self) { try await RunningProcess.start("/nonexistent") }
    }

    @Test func `With its last reference a process goes, and its group with it`() async throws {
        var process: RunningProcess? = try await self.shell("sleep 60 & echo $!; exec sleep 60")
        let line = try await process?.standardOutput.waitForLine { _ in true }
        let processes = [try #require(process?.processID), try #require(line.flatMap { pid_t($0) })]
        process = nil
        for processID in processes {
            try await eventually("\(processID) is gone") { !Self.isAlive(processID) }
        }
    }

    @Test func `A process does not outlive the one that started it, however that ends`() async throws {
        // setpriv is what RunningProcess puts before every executable; here its parent is a shell that is killed.
        let parent = try await self.shell("setpriv --pdeathsig KILL -- sleep 60 & echo $!; wait")
        let child = try #require(pid_t(try await parent.standardOutput.waitForLine { _ in true }))
        try await eventually("the child sleeps") { Self.command(of: child) == "sleep" }
        parent.kill()
        try await eventually("the child is gone") { !Self.isAlive(child) }
    }

    @Test func `A hundred processes can be awaited at once`() async throws {
        try await withThrowingTaskGroup { group in
            for number in 0..<100 {
                group.addTask {
                    let process = try await self.shell("exit \(number)")
                    #expect(try await process.waitForExit(within: .seconds(60)) == .exited(Int32(number)))
                }
            }
            try await group.waitForAll()
        }
    }

    private static func command(of processID: pid_t) -> String? {
        Self.file("/proc/\(processID)/comm").map { String($0.prefix { $0 != "\n" }) }
    }

    /// A zombie that nobody reaps is not alive.
    private static func isAlive(_ processID: pid_t) -> Bool {
        guard let status = self.file("/proc/\(processID)/stat") else { return false }
        return status.split(separator: ")").last?.split(separator: " ").first != "Z"
    }

    private static func file(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = read(descriptor, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
}
