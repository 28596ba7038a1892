import Foundation

/// Where the products lie: beside the test's own executable.
package enum BuildFolder {
    /// The folder that holds the running test executable.
    package static let path: String = {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().path
    }()

    /// The path of a product or another executable of the build, such as `whatsapp-ingress`.
    package static func executable(_ name: String) -> String {
        "\(self.path)/\(name)"
    }
}
