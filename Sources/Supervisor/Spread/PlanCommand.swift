import ArgumentParser
import Daemon
import Launch
import Settings

/// `plan`: shows who would serve which accounts, and starts nothing.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show which worker would serve which accounts; start nothing.")

    @OptionGroup var options: CommonOptions
    @Flag(help: "Show the workers of every shard, as if all hosts had this configuration.")
    var allShards = false
    @Flag(help: "Print one line of JSON.")
    var json = false

    func run() {
        StopSignals.unblock()
        let settings = Launch.settings(self.options) { source throws(SettingsError) in
            try SupervisorSettings.read(from: source)
        }
        let plan = ServingPlan(settings, allShards: self.allShards)
        print(self.json ? String(decoding: plan.json, as: UTF8.self) : plan.lines.joined(separator: "\n"))
        MainThread.end(.success)
    }
}
