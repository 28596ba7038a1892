package import JSONBytes

/// A request to send, the call it should lead to, Graph's answer, and what becomes of it.
package struct OutboundFixture: Sendable, CustomStringConvertible {
    /// The one HTTP request that should reach Graph.
    package struct ExpectedCall: Sendable {
        package let method: String
        /// With the version, and the query if there is one.
        package let path: String
        /// As in the fixture: the access token stands as `<token of my_account>`.
        package let headers: [String: String]
        /// The body as a JSON value; nil for none.
        package let body: JSONTree?
        /// Texts that must occur in the body, byte for byte.
        package let bodyMustContain: [String]
    }

    /// What the fake Graph answers.
    package struct Answer: Hashable, Sendable {
        package let status: Int
        package let headers: [String: String]
        package let body: [UInt8]
        /// The same code is reported with this status, too.
        package let statusSeenElsewhere: Int?
    }

    package enum Outcome: String, Sendable {
        case sent
        case clientError = "client_error"
        case graphError = "graph_error"
        case transportError = "transport_error"
    }

    package let name: String
    package let subject: String
    /// What is put on NATS, byte for byte.
    package let request: [UInt8]
    /// Nil: nothing should reach Graph.
    package let call: ExpectedCall?
    package let answer: Answer?
    /// A fault in place of an answer, in words.
    package let transport: String?
    package let outcome: Outcome
    /// What kind of failure it is, such as `throttle_number`; see the fixture's README.
    package let kind: String?
    /// The publication on `whatsapp.<name>.error` that should follow, if there is one: subject and JSON.
    package let errorEvent: (subject: String, json: JSONTree?)?
    /// The whole fixture, for whatever else a suite wants to know.
    package let document: JSONDocument

    package var description: String { self.name }

    /// Every case, in the order of their names.
    package static func all() throws -> [OutboundFixture] {
        try FixtureFolder.names(in: "outbound").filter { $0.hasSuffix(".json") }.map { file in
            try OutboundFixture(
                name: String(file.dropLast(".json".count)),
                document: JSONDocument(validating: FixtureFolder.bytes("outbound/\(file)")))
        }
    }

    /// One case.
    package static func named(_ name: String) throws -> OutboundFixture {
        try OutboundFixture(
            name: name, document: JSONDocument(validating: FixtureFolder.bytes("outbound/\(name).json")))
    }

    private init(name: String, document: JSONDocument) throws {
        let root = document.root
        guard let subject = root["subject"]?.string,
            let request = root["request_raw"]?.string.map({ Array($0.utf8) })
                ?? root["request"].map({ Array($0.bytes) }),
            let outcome = root["expect"]?.string.flatMap(Outcome.init)
        else { throw FixtureError("outbound/\(name).json is incomplete") }
        self.name = name
        self.subject = subject
        self.request = request
        self.call = try root["graph"].flatMap(ExpectedCall.init)
        self.answer = root["graph_response"].flatMap(Answer.init)
        self.transport = root["transport"]?.string
        self.outcome = outcome
        self.kind = root["class"]?.string
        self.errorEvent = root["final_error_event"].flatMap { event in
            event["subject"]?.string.map { ($0, event["json"].map { JSONTree($0) }) }
        }
        self.document = document
    }

    /// A Graph body as a value to compare: without what may be there or not, and means the same.
    ///
    /// Dropped are what `JSONTree.normalised` drops, and the gateway's own `biz_opaque_callback_data`, which begins
    /// with `wa1:`.
    package static func comparable(_ body: JSONTree) -> JSONTree {
        var body = body
        if body["biz_opaque_callback_data"]?.string?.hasPrefix("wa1:") == true {
            body["biz_opaque_callback_data"] = nil
        }
        return body.normalised
    }
}

extension OutboundFixture.ExpectedCall {
    fileprivate init?(_ value: JSONValue) throws {
        guard value.kind == .object else { return nil }
        guard let method = value["method"]?.string, let path = value["path"]?.string, let body = value["body"] else {
            throw FixtureError("a call is incomplete: \(String(decoding: value.bytes, as: UTF8.self))")
        }
        self.method = method
        self.path = path
        self.headers = texts(of: value["headers"])
        self.body = body.isNull ? nil : JSONTree(body)
        self.bodyMustContain = value["body_must_contain"]?.elements.compactMap(\.string) ?? []
    }
}

extension OutboundFixture.Answer {
    fileprivate init?(_ value: JSONValue) {
        guard let status = value["status"]?.int,
            let body = value["body_raw"]?.string.map({ Array($0.utf8) }) ?? value["body"].map({ Array($0.bytes) })
        else { return nil }
        self.status = status
        self.headers = texts(of: value["headers"])
        self.body = body
        self.statusSeenElsewhere = value["status_seen_elsewhere"]?.int
    }
}

private func texts(of object: JSONValue?) -> [String: String] {
    guard let object else { return [:] }
    return object.members.reduce(into: [:]) { texts, member in
        if let name = member.key.string, let text = member.value.string { texts[name] = text }
    }
}
