import NIOHTTP1

/// One request as it reached the simulator, and what became of it.
package struct RecordedRequest: Sendable {
    package enum Outcome: Hashable, Sendable {
        /// A message was accepted under this ID.
        case accepted(messageID: String)
        /// Answered without a message being accepted: mark-read, queries and the like.
        case answered(status: Int)
        /// Refused with a Graph error.
        case refused(code: Int)
        /// Answered from the script; the simulator itself judged nothing.
        case scripted(status: Int)
        /// Not accepted, and the answer was disturbed.
        case disturbed
    }

    /// 1 for the first request there ever was, and so on.
    package let number: Int
    /// Counted from 1; requests of one number came over one connection.
    package let connection: Int
    /// When it had wholly arrived, from the simulator's start on.
    package let arrival: Duration
    package let method: String
    /// Path and query, byte for byte.
    package let target: String
    /// The body, byte for byte.
    package let body: [UInt8]
    /// What became of it; `disturbed` tells whether the caller could know.
    package internal(set) var outcome: Outcome
    /// What became of the answer.
    package internal(set) var disturbance: SimulatorFaults.Disturbance = .none
    let httpHeaders: HTTPHeaders

    /// The headers, in the order and spelling in which they came.
    package var headers: [(name: String, value: String)] { self.httpHeaders.map { ($0.name, $0.value) } }

    /// The first header of that name, whatever its case.
    package subscript(header name: String) -> String? { self.httpHeaders.first(name: name) }

    /// The body as text.
    package var text: String { String(decoding: self.body, as: UTF8.self) }
}
