import Foundation
import TestSupport
import Testing

@testable import Settings

@Suite struct SettingsSourceTests {
    private let folder: TemporaryFolder

    init() throws {
        self.folder = try TemporaryFolder()
    }

    @discardableResult
    private func write(_ name: String, _ text: String) throws -> String {
        try self.folder.write(text, to: name)
    }

    private func load(_ environment: [String: String], files: [String]? = nil) -> SettingsSource {
        SettingsSource.load(environment: environment, envFiles: files, workingDirectory: self.folder.path)
    }

    @Test func `An env file fills in what the environment does not set, and never overrides it`() throws {
        try self.write(".env", "PORT=1\nHOST=file\nLOG_LEVEL=debug")
        let source = self.load(["PORT": "2", "LOG_LEVEL": ""])
        #expect(source.variables == ["PORT": "2", "HOST": "file", "LOG_LEVEL": ""])
        #expect(source["LOG_LEVEL"] == nil)
        #expect(source.problems.isEmpty)
    }

    @Test func `Without a .env there is the environment alone`() {
        let source = self.load(["PORT": "2"])
        #expect(source.variables == ["PORT": "2"] && source.problems.isEmpty)
    }

    @Test func `Named env files stand in for .env, a later one before an earlier one`() throws {
        try self.write(".env", "API_VERSION=v1.0")
        let files = [try self.write("a.env", "PORT=1\nPORT=2\nHOST=a"), try self.write("b.env", "HOST=b")]
        #expect(self.load([:], files: files).variables == ["PORT": "2", "HOST": "b"])
        #expect(self.load([:], files: []).variables.isEmpty)
    }

    @Test func `A credential goes before the environment and env files, in whatever case its file is named`() throws {
        try self.write("credentials/token_shop", "secret\n")
        try self.write("credentials/APP_SECRET", "one\r\n\n")
        try self.write("credentials/Wa_Other", "123:t")
        try self.write(".env", "TOKEN_SHOP=file\nAPP_SECRET=file\nWA_other=1:file")
        let directory = "\(self.folder.path)/credentials"
        let source = self.load(["CREDENTIALS_DIRECTORY": directory, "TOKEN_SHOP": "environment"])
        #expect(source.problems.isEmpty)
        #expect(
            source.variables == [
                "CREDENTIALS_DIRECTORY": directory, "TOKEN_SHOP": "secret", "APP_SECRET": "one", "WA_other": "123:t",
            ])
    }

    @Test func `Files beside the credentials that are no variables are left alone`() throws {
        try self.write("credentials/nats.creds", "-----BEGIN\n\n")
        try self.write("credentials/path", "/evil")
        let source = self.load([
            "CREDENTIALS_DIRECTORY": "\(self.folder.path)/credentials", "PATH": "/bin",
        ])
        #expect(source["PATH"] == "/bin" && source.problems.isEmpty)
        #expect(source.names == ["CREDENTIALS_DIRECTORY", "PATH"])
    }

    @Test func `What cannot be read is a problem that names it`() throws {
        try self.write("credentials/token_a", "two\nlines")
        try self.write("credentials/token_b", "x")
        try self.write("credentials/TOKEN_B", "y")
        try self.write("credentials/token_c/file", "a directory")
        try self.write("credentials/token_d", String(repeating: "d", count: 70000))
        let missing = "\(self.folder.path)/missing.env"
        let credentials = "\(self.folder.path)/credentials"
        let source = self.load(
            ["CREDENTIALS_DIRECTORY": credentials], files: [missing, self.folder.path])
        #expect(
            source.problems.map(\.description) == [
                "\(missing): cannot be read: No such file or directory",
                "\(self.folder.path): cannot be read: Is a directory",
                "TOKEN_A: the file \(credentials)/token_a cannot be read: expected one line of text, the variable's value",
                "TOKEN_B: two files of \(credentials) have this name",
                "TOKEN_C: the file \(credentials)/token_c cannot be read: Is a directory",
                "TOKEN_D: the file \(credentials)/token_d cannot be read: it has more than 65536 bytes",
            ])
    }

    @Test func `A credentials directory that is not there is a problem`() {
        let problems = self.load(["CREDENTIALS_DIRECTORY": "/nowhere/at/all"]).problems
        #expect(
            problems.map(\.description) == [
                "CREDENTIALS_DIRECTORY: the directory /nowhere/at/all cannot be read: No such file or directory"
            ])
    }

    @Test func `An env file without end is refused`() {
        #expect(self.load([:], files: ["/dev/zero"]).problems.count == 1)
        #expect(self.load([:], files: ["/dev/null"]).problems.isEmpty)
    }

    @Test func `Beside an environment marked complete no file is read`() throws {
        try self.write(".env", "PORT=1")
        try self.write("credentials/token_shop", "secret")
        let environment = [
            "CREDENTIALS_DIRECTORY": "\(self.folder.path)/credentials",
            SettingsSource.completeMark.name: SettingsSource.completeMark.value,
        ]
        #expect(self.load(environment).variables == environment)
        #expect(self.load(environment, files: ["/nowhere"]).problems.isEmpty)
    }

    @Test func `Reading again sees what changed`() throws {
        let file = try self.write("a.env", "TOKEN_SHOP=old")
        #expect(self.load([:], files: [file])["TOKEN_SHOP"] == "old")
        try self.write("a.env", "TOKEN_SHOP=new")
        #expect(self.load([:], files: [file])["TOKEN_SHOP"] == "new")
    }

    @Test func `A source shows names and never values`() {
        let source = SettingsSource(variables: ["TOKEN_SHOP": "EAAG"])
        #expect("\(source)" == "SettingsSource(TOKEN_SHOP)")
        var dumped = ""
        dump(source, to: &dumped)
        #expect(!dumped.contains("EAAG") && !String(reflecting: source).contains("EAAG"))
    }

    @Test func `The process' own environment is read`() {
        #expect(processEnvironment() == ProcessInfo.processInfo.environment)
        #expect(processEnvironment()["PATH"] != nil)
    }
}
