import Foundation
import TestSupport
import Testing

/// What `docs/dead-letters.md` tells its reader to type.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct DeadLetterPageTests {
    @Test func `Every command of the page does its work`() async throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/dead-letters.md")
        var isInside = false
        var commands: [[String]] = []
        for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("```") {
                isInside = line == "```sh"
            } else if isInside {
                commands.append(line.split(separator: " ").map(String.init))
            }
        }
        #expect(commands.count >= 6)
        try await DeadLetterBox.running { box in
            try await box.makeStreams()
            for command in commands {
                try await box.add(job: "my_account:order-17")
                try #require(command.starts(with: ["whatsapp-egress", "dead"]))
                let run = try await box.dead(Array(command.dropFirst(2)))
                #expect(run.ending == .exited(0), "\(command): \(run.errors)")
                let isShown = !run.output.isEmpty
                let isElsewhere = run.errors == ["my_account has no dead letters that match"]
                #expect(isShown != isElsewhere, "\(command): \(run.output) \(run.errors)")
            }
            #expect(try await box.count("WHATSAPP_OUT") > 0)
        }
    }
}
