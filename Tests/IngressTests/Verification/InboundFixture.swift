import Foundation

/// A webhook body as Meta sends it, and its signature with the secret `fixture-app-secret`.
struct InboundFixture: Sendable {
    let name: String
    let body: [UInt8]
    let signature: String

    /// All that the manifest names, by name.
    static func all() throws -> [InboundFixture] {
        struct Manifest: Decodable {
            struct Case: Decodable {
                let file: String
                let x_hub_signature_256: String
            }
            let cases: [String: Case]
        }
        let folder = URL(filePath: #filePath).appending(path: "../../../Fixtures/inbound").standardized
        let manifest = try JSONDecoder().decode(
            Manifest.self, from: Data(contentsOf: folder.appending(path: "MANIFEST.json")))
        return try manifest.cases.sorted { $0.key < $1.key }.map { name, one in
            let body = try Data(contentsOf: folder.appending(path: one.file))
            return InboundFixture(name: name, body: Array(body), signature: one.x_hub_signature_256)
        }
    }
}
