package import ArgumentParser

/// The options that every long-lived command of the three executables takes.
package struct CommonOptions: ParsableArguments {
    @Option(
        name: .customLong("env-file"),
        help: ArgumentHelp(
            "Read variables that the environment does not set from this file; repeatable, a later file goes first.",
            discussion: "Without it, from .env in the working directory where there is one.", valueName: "path"))
    package var envFiles: [String] = []

    @Flag(help: "Read the configuration, say all that is wrong with it, and exit with 0 or 78.")
    package var check = false

    /// The supervisor's process ID, which this process is to die with; nil when no supervisor started it.
    @Option(help: .hidden)
    package var supervised: Int32?

    package init() {}
}
