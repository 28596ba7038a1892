import Foundation
import Testing

/// A body that Meta may post, and what the contract makes of it.
struct InboundFixture: CustomTestStringConvertible, Sendable {
    struct Expectation: Decodable, Sendable {
        let status: Int
        let publications: [Publication]
    }

    struct Publication: Decodable, Sendable {
        let subject: String
        let offset: Int
        let length: Int
        let msg_id: String
        let headers: [String: String]
    }

    let name: String
    let body: [UInt8]
    let expectation: Expectation

    var testDescription: String { self.name }

    /// Every case of `Tests/Fixtures/inbound`, by name.
    static let all: [InboundFixture] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/inbound")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".expect.json") }.sorted().compactMap { file in
            let name = String(file.dropLast(".expect.json".count))
            guard let body = try? Data(contentsOf: folder.appending(path: "\(name).json")),
                let expected = try? Data(contentsOf: folder.appending(path: file)),
                let expectation = try? JSONDecoder().decode(Expectation.self, from: expected)
            else { return nil }
            return InboundFixture(name: name, body: [UInt8](body), expectation: expectation)
        }
    }()
}
