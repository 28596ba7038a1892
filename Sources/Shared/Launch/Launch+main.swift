package import ArgumentParser
import Daemon

extension Launch {
    /// Runs one of the three executables; to be called before anything else.
    ///
    /// The signals that stop a process are blocked from here on, so that a stop at any moment of the start ends it as
    /// one in service does. Asked for help without a command, it tells of the options of the command that runs then.
    ///
    /// - Parameters:
    ///   - root: what the executable is.
    ///   - service: the command that is run when none is given; nil where there are no commands.
    package static func main<Root: ParsableCommand>(
        _ root: Root.Type, running service: (any ParsableCommand.Type)? = nil
    ) {
        StopSignals.block()
        let arguments = CommandLine.arguments.dropFirst()
        if let service, arguments.count == 1, let word = arguments.first, ["--help", "-h", "help"].contains(word) {
            print(Self.help(of: root, running: service))
            MainThread.end(.success)
        }
        root.main(nil)
    }

    /// What an executable with commands says of itself: the options of its service stand beside the other commands.
    static func help(of root: any ParsableCommand.Type, running service: any ParsableCommand.Type) -> String {
        let whole = HelpPage(root.helpMessage())
        let run = HelpPage(root.helpMessage(for: service))
        var page = HelpPage(
            sections: ["OVERVIEW", "USAGE", "OPTIONS", "SUBCOMMANDS"].compactMap { title in
                let source = title == "OPTIONS" ? run : whole
                return source[title].map { (title, $0) }
            })
        let name = service._commandName
        let usage = run["USAGE"].map { $0.replacing(" \(name) ", with: " [\(name)] ", maxReplacements: 1) }
        page["USAGE"] = [usage, whole["USAGE"]].compactMap(\.self).joined(separator: "\n      ")
        return page.description
    }
}

/// A help page, taken apart into its sections.
struct HelpPage: CustomStringConvertible {
    private var sections: [(title: String, text: String)]

    init(sections: [(title: String, text: String)]) {
        self.sections = sections
    }

    /// Reads a page as ArgumentParser makes it: sections begin with a word in capitals and a colon.
    init(_ page: String) {
        self.sections = []
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            let title = line.prefix { $0.isUppercase }
            if !title.isEmpty, line.dropFirst(title.count).first == ":" {
                self.sections.append((String(title), String(line.dropFirst(title.count + 1))))
            } else if let last = self.sections.indices.last {
                self.sections[last].text += "\n" + line
            }
        }
        for index in self.sections.indices {
            while self.sections[index].text.last == "\n" { self.sections[index].text.removeLast() }
        }
    }

    /// What stands behind a title and its colon.
    subscript(title: String) -> String? {
        get { self.sections.first { $0.title == title }?.text }
        set {
            guard let index = self.sections.firstIndex(where: { $0.title == title }), let newValue else { return }
            self.sections[index].text = newValue
        }
    }

    var description: String {
        self.sections.map { "\($0.title):\($0.text)" }.joined(separator: "\n\n")
    }
}
