import Foundation
import Glibc
import TestSupport
import Testing

@testable import Supervisor

/// However the supervisor ends, none of its workers is left.
@Suite(.serialized) struct OrphanProcessTests {
    /// Supervisors that are killed at moments of all kinds, five at a time.
    @Test(arguments: 0..<10)
    func `Fifty supervisors are killed, and no worker is left, not even of those that hang`(round: Int) throws {
        var random = Seed.forTest("round \(round)").generator
        let supervisors = try (0..<5).map { _ in
            try SupervisorUnderTest(
                ["hung", "late", "ready", "crashing", "unabortable"],
                ["SUPERVISOR_DRAIN_MS": "100", "SUPERVISOR_WATCHDOG_MS": "500"])
        }
        for (index, supervisor) in supervisors.enumerated() {
            // While it starts, once some are ready, and while it drains.
            switch index % 3 {
            case 0: usleep(UInt32.random(in: 0..<300_000, using: &random))
            case 1: try supervisor.line("worker ready", "worker=egress-hung")
            default:
                try supervisor.line("worker ready", "worker=egress-hung")
                supervisor.signal(SIGTERM)
            }
            supervisor.signal(SIGKILL)
        }
        for supervisor in supervisors {
            #expect(try supervisor.exitStatus() == -SIGKILL)
            // Whoever has the log open is one of its workers.
            try supervisor.logToItsEnd()
            try supervisor.wait("the end of every worker") {
                supervisor.records().contains { $0.isAlive } ? nil : true
            }
        }
    }
}
