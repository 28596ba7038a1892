/// systemd's `$CREDENTIALS_DIRECTORY`: a file for each variable, named like it in whatever case.
///
/// Files that are named like no variable of the gateway are left alone: a NATS credentials file may lie there, to which
/// `NATS_CREDS` points.
enum CredentialsDirectory {
    /// A credential is larger in no sane configuration; systemd itself takes up to 1 MiB.
    private static let limit = 65536

    /// Reads the variables of the directory, by names in upper case.
    static func read(path: String) -> (variables: [String: String], problems: [SettingsProblem]) {
        var variables: [String: String] = [:]
        var problems: [SettingsProblem] = []
        let files: [String]
        do throws(FileError) {
            files = try FileBytes.names(inDirectory: path)
        } catch {
            let message = "the directory \(printable(path)) cannot be read: \(error.reason)"
            return ([:], [SettingsProblem(variable: "CREDENTIALS_DIRECTORY", message: message)])
        }
        for file in files {
            let name = file.uppercased()
            guard KnownVariables.include(name) else { continue }
            let file = "\(path)/\(file)"
            do throws(FileError) {
                let value = try Self.value(try FileBytes.read(path: file, limit: Self.limit))
                if variables.updateValue(value, forKey: name) != nil {
                    problems.append(
                        SettingsProblem(variable: name, message: "two files of \(printable(path)) have this name"))
                }
            } catch {
                problems.append(
                    SettingsProblem(
                        variable: name, message: "the file \(printable(file)) cannot be read: \(error.reason)"))
            }
        }
        return (variables, problems)
    }

    /// The content without the line ends that editors and `echo` leave behind it.
    private static func value(_ bytes: [UInt8]) throws(FileError) -> String {
        let end = bytes.lastIndex { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }.map { $0 + 1 } ?? 0
        let content = bytes[..<end]
        guard !content.contains(where: { [0, 10, 13].contains($0) }) else {
            throw FileError(reason: "expected one line of text, the variable's value")
        }
        guard let value = String(validating: content, as: UTF8.self) else {
            throw FileError(reason: "expected text in UTF-8")
        }
        return value
    }
}
