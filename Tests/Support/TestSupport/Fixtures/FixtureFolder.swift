import Foundation

/// Finds the files of Tests/Fixtures.
package enum FixtureFolder {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures").path

    /// The bytes of a file, given below `Tests/Fixtures/`.
    package static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(self.root)/\(path)")))
    }

    /// The names of the files of a folder below `Tests/Fixtures/`, sorted.
    package static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(self.root)/\(folder)").sorted()
    }
}

/// A fixture lacks what it should have.
package struct FixtureError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
