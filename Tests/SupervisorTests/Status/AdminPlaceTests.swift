import Glibc
import Settings
import TestSupport
import Testing

@testable import Supervisor

@Suite struct AdminPlaceTests {
    private let folder: TemporaryFolder
    private let note: String

    init() throws {
        self.folder = try TemporaryFolder()
        self.note = try self.folder.write("unix:/run/noted\n", to: "admin")
    }

    private func find(
        told: String? = nil, envFiles: [String] = ["/dev/null"], _ environment: [String: String] = [:]
    ) throws -> AdminPlace {
        try AdminPlace.find(told: told, envFiles: envFiles, environment: environment, note: self.note)
    }

    @Test func `The command line goes before the environment, that before an env file, that before the note`() throws {
        let file = try self.folder.write("SUPERVISOR_ADMIN=localhost:3\nmalformed\n", to: "some.env")
        let environment = ["SUPERVISOR_ADMIN": "localhost:2"]
        #expect(try "\(self.find(told: "localhost:1", envFiles: [file], environment).address)" == "localhost:1")
        #expect(try "\(self.find(envFiles: [file], environment).address)" == "localhost:2")
        #expect(try "\(self.find(envFiles: [file]).address)" == "localhost:3")
        let noted = try self.find()
        #expect("\(noted.address)" == "unix:/run/noted" && noted.source == .note)
    }

    @Test func `Without any of them it is the default`() throws {
        unlink(self.note)
        let place = try self.find()
        #expect("\(place.address)" == "127.0.0.1:9181" && place.source == .standard)
    }

    @Test func `An env file that may not be read is told of, and no reason to stop`() throws {
        #expect(try self.find(envFiles: ["/nowhere/x.env"]).unread == ["/nowhere/x.env"])
    }

    @Test func `An address that is none is refused under the name by which it was told`() {
        for (told, environment, name) in [
            ("nonsense", [:], "--admin"), (nil, ["SUPERVISOR_ADMIN": "9"], "SUPERVISOR_ADMIN"),
        ] as [(String?, [String: String], String)] {
            let error = #expect(throws: SettingsError.self) { try self.find(told: told, environment) }
            #expect(error?.problems.map(\.variable) == [name])
        }
    }

    @Test func `The note may be read by everybody, and goes with its owner`() throws {
        func look() -> (mode: mode_t, text: String?) {
            var status = stat()
            guard stat(self.note, &status) == 0 else { return (0, nil) }
            return (status.st_mode & 0o777, AdminNote.read(at: self.note))
        }
        let before = umask(0o077)
        do {
            let note = AdminNote(of: .unix(path: "/run/x"), in: self.folder.path)
            let (mode, text) = look()
            #expect(mode == 0o644)
            #expect(text == "unix:/run/x")
            withExtendedLifetime(note) {}
        }
        umask(before)
        #expect(look().text == nil)
    }

    @Test(arguments: ["", "\n", "no end", String(repeating: "x", count: 600) + "\n", "two\nlines\n", "nonsense\n"])
    func `A note that is none is passed over`(text: String) throws {
        try self.folder.write(text, to: "admin")
        #expect(try self.find().source == .standard)
    }
}
