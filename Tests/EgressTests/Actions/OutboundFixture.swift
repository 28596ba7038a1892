import Addressing
import Foundation
import JSONBytes
import Testing

@testable import Egress

/// One file of `Tests/Fixtures/outbound`; its README says what the members mean.
struct OutboundFixture: Sendable, CustomTestStringConvertible {
    let name: String
    private let root: JSONValue

    var testDescription: String { self.name }

    static let all: [OutboundFixture] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fixtures/outbound").standardized
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "json" }
            .sorted { $0.path < $1.path }
            .map { OutboundFixture(reading: $0) }
    }()

    private init(reading file: URL) {
        self.name = file.deletingPathExtension().lastPathComponent
        do {
            self.root = try JSONDocument(validating: Array(Data(contentsOf: file))).root
        } catch {
            fatalError("fixture \(file.path): \(error)")
        }
    }

    static func all(expecting expect: String) -> [OutboundFixture] {
        Self.all.filter { $0.text("expect") == expect }
    }

    subscript(key: String) -> JSONValue? { self.root[key] }

    func text(_ key: String) -> String? { self.root[key]?.string }

    var action: String { String(self.text("subject")?.split(separator: ".").last ?? "") }

    var phoneNumberID: PhoneNumberID {
        self.text("subject")?.hasPrefix("whatsapp.support.") == true ? .support : .mine
    }

    /// The NATS payload.
    var payload: [UInt8] {
        if let text = self.text("request_raw") { return Array(text.utf8) }
        return Array(self.root["request"]?.bytes ?? [])
    }

    func call() throws -> OutboundCall {
        try OutboundCall(action: self.action, payload: self.payload, from: self.phoneNumberID)
    }

    /// What the fake Graph answers: once, and once more with the status that is seen elsewhere.
    var answers: [GraphAnswer] {
        guard let response = self.root["graph_response"] else { return [] }
        let body = response["body_raw"]?.string.map { Array($0.utf8) } ?? Array(response["body"]?.bytes ?? [])
        let statuses = [response["status"]?.int, response["status_seen_elsewhere"]?.int]
        return statuses.compactMap { $0 }.map { GraphAnswer(status: $0, body: body) }
    }

    /// What the transport makes of the fault, where there is one.
    var fault: GraphOutcome? {
        guard let fault = self.text("transport") else { return nil }
        return self.text("class") == "transport_before_send" ? .notWritten(reason: fault) : .lost(reason: fault)
    }
}

extension PhoneNumberID {
    static let mine = PhoneNumberID("106540352242922")!
    static let support = PhoneNumberID("987654321")!
}
