import Testing

@testable import Supervisor

@Suite struct ChildEndTests {
    @Test(arguments: [
        (ChildEnd.exited(0), "exit status 0 (success)"),
        (.exited(78), "exit status 78 (bad configuration)"),
        (.exited(3), "exit status 3"),
        (.killed(signal: 9), "killed by SIGKILL"),
        (.killed(signal: 14), "killed by SIGALRM"),
        (.killed(signal: 99), "killed by signal 99"),
        (.notSpawned(reason: "No such file or directory"), "could not be started: No such file or directory"),
    ])
    func `An end is told by its name`(end: ChildEnd, text: String) {
        #expect(end.description == text)
    }
}
