import NIOHTTP1
import TraceContext

/// The headers of a request that matter here, read in one pass.
struct RequestFields: Hashable, Sendable {
    enum Body: Hashable, Sendable {
        case none
        /// As `Content-Length` has it; `Int.max` stands for more than an `Int` holds.
        case sized(Int)
        case chunked
    }

    enum Expectation: Hashable, Sendable { case none, continue100, other }

    private(set) var body = Body.none
    private(set) var expectation = Expectation.none
    /// `X-Hub-Signature-256`; nil when it is missing or there are several.
    private(set) var signature: String?
    /// `traceparent`; nil when it is missing or there are several.
    private(set) var traceparent: String?
    /// `tracestate`; several are one list.
    private(set) var tracestate: String?
    /// Whether another protocol is offered on this connection: no request is read after such a one.
    private(set) var offersUpgrade = false

    /// - Parameter mayExpect: false for HTTP/1.0, whose `Expect` means nothing.
    init(_ headers: HTTPHeaders, mayExpect: Bool = true) {
        var signatures = 0
        var traceparents = 0
        for (name, value) in headers {
            switch name.utf8.count {
            case 6 where mayExpect && Self.isSame(name, "expect"):
                self.expectation = Self.isSame(value, "100-continue") ? .continue100 : .other
            case 7 where Self.isSame(name, "upgrade"):
                self.offersUpgrade = true
            case 10 where Self.isSame(name, "tracestate"):
                self.tracestate = self.tracestate.map { "\($0),\(value)" } ?? value
            case 11 where Self.isSame(name, "traceparent"):
                traceparents += 1
                self.traceparent = value
            case 14 where Self.isSame(name, "content-length"):
                // The parser took digits alone, and no `Transfer-Encoding` beside them.
                let length = Int(value) ?? .max
                self.body = length == 0 ? .none : .sized(length)
            case 17 where Self.isSame(name, "transfer-encoding"):
                self.body = .chunked
            case 19 where Self.isSame(name, "x-hub-signature-256"):
                signatures += 1
                self.signature = value
            default:
                break
            }
        }
        if signatures > 1 { self.signature = nil }
        if traceparents > 1 { self.traceparent = nil }
    }

    /// The place in a trace that they name.
    var trace: TraceHeaders { TraceHeaders(traceparent: self.traceparent, tracestate: self.tracestate) }

    /// Compares ASCII without regard to case.
    private static func isSame(_ text: String, _ lowerCase: StaticString) -> Bool {
        let text = text.utf8
        guard text.count == lowerCase.utf8CodeUnitCount else { return false }
        return lowerCase.withUTF8Buffer { expected in
            zip(text, expected).allSatisfy { character, wanted in
                character == wanted
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(character) && character | 0x20 == wanted
            }
        }
    }
}
