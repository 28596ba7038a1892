import Glibc

/// A file could not be read; the reason is in the system's words.
struct FileError: Error {
    let reason: String
}

/// Whole small files, read with a bound.
enum FileBytes {
    /// Reads all of a file, a pipe or a device.
    ///
    /// - Throws: `FileError` when it cannot be opened or read, or has more than `limit` bytes.
    static func read(path: String, limit: Int) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .last
            }
            bytes += chunk.prefix(count)
            guard bytes.count <= limit else { throw FileError(reason: "it has more than \(limit) bytes") }
        }
    }

    /// Throws unless this process may open the path for reading and it is no directory.
    static func checkReadable(path: String) throws(FileError) {
        // A pipe without a writer must not hold the check up.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .last }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .last }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError(reason: FileError.words(for: EISDIR)) }
    }

    static func exists(path: String) -> Bool {
        access(path, F_OK) == 0 || errno != ENOENT
    }

    /// The names in a directory, sorted, without those that begin with a dot.
    static func names(inDirectory path: String) throws(FileError) -> [String] {
        guard let directory = opendir(path) else { throw .last }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}

extension FileError {
    /// What `errno` says.
    static var last: FileError { FileError(reason: Self.words(for: errno)) }

    static func words(for code: CInt) -> String { String(cString: strerror(code)) }
}
