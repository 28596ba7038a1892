import JSONBytes

/// A webhook as Meta posts it, and what it should lead to.
package struct InboundFixture: Sendable, CustomStringConvertible {
    /// One message that should be published.
    package struct Publication: Hashable, Sendable {
        package let subject: String
        /// JSON pointer of the published value in the body; empty for the whole body.
        package let pointer: String
        /// Where the payload lies in the body.
        package let range: Range<Int>
        package let payload: [UInt8]
        /// Lower-case hex digits of the payload's SHA-256.
        package let sha256: String
        /// The `Nats-Msg-Id`.
        package let messageID: String
        /// The `Wa-…` headers, all of them.
        package let headers: [String: String]
    }

    package let name: String
    package let title: String
    package let tags: [String]
    package let body: [UInt8]
    /// The right value of `X-Hub-Signature-256` for `appSecret`.
    package let signature: String
    /// The HTTP status of the answer.
    package let status: Int
    /// All that should be published, in the order of the fixture; within one subject the order is a promise.
    package let publications: [Publication]

    package var description: String { self.name }

    /// The app secret with which the fixtures are signed.
    package static let appSecret = "fixture-app-secret"

    /// Phone number IDs and account names of the fixtures.
    package static let accounts = ["106540352242922": "my_account", "987654321": "support"]

    /// Every case, in the order of their names.
    package static func all() throws -> [InboundFixture] {
        let manifest = try JSONDocument(validating: FixtureFolder.bytes("inbound/MANIFEST.json")).root
        guard let cases = manifest["cases"] else { throw FixtureError("MANIFEST.json has no cases") }
        return try cases.members.map { key, value in
            guard let name = key.string else { throw FixtureError("a case without a name") }
            return try InboundFixture(name: name, manifest: value)
        }.sorted { $0.name < $1.name }
    }

    /// One case.
    package static func named(_ name: String) throws -> InboundFixture {
        guard let fixture = try self.all().first(where: { $0.name == name }) else {
            throw FixtureError("no inbound case \(name)")
        }
        return fixture
    }

    private init(name: String, manifest: JSONValue) throws {
        guard let file = manifest["file"]?.string, let signature = manifest["x_hub_signature_256"]?.string else {
            throw FixtureError("\(name): incomplete in MANIFEST.json")
        }
        let body = try FixtureFolder.bytes("inbound/\(file)")
        let expectation = try JSONDocument(validating: FixtureFolder.bytes("inbound/\(name).expect.json")).root
        guard let status = expectation["status"]?.int, let publications = expectation["publications"] else {
            throw FixtureError("\(name).expect.json is incomplete")
        }
        self.name = name
        self.title = manifest["title"]?.string ?? ""
        self.tags = manifest["tags"]?.elements.compactMap(\.string) ?? []
        self.body = body
        self.signature = signature
        self.status = status
        self.publications = try publications.elements.map { value in
            guard let publication = Publication(value, body: body) else {
                throw FixtureError("\(name).expect.json: incomplete publication")
            }
            return publication
        }
    }
}

extension InboundFixture.Publication {
    fileprivate init?(_ value: JSONValue, body: [UInt8]) {
        guard let subject = value["subject"]?.string, let pointer = value["pointer"]?.string,
            let offset = value["offset"]?.int, let length = value["length"]?.int,
            let sha256 = value["sha256"]?.string, let messageID = value["msg_id"]?.string,
            let headers = value["headers"], offset >= 0, length >= 0, offset + length <= body.count
        else { return nil }
        self.subject = subject
        self.pointer = pointer
        self.range = offset..<offset + length
        self.payload = Array(body[offset..<offset + length])
        self.sha256 = sha256
        self.messageID = messageID
        self.headers = headers.members.reduce(into: [:]) { headers, member in
            if let name = member.key.string, let text = member.value.string { headers[name] = text }
        }
    }
}
