import CNATS
import Glibc

/// One header of a message; names keep their case.
package struct NATSHeader: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// What a message with headers has beside them, in bytes: `NATS/1.0` and an empty line, each ended by CR and LF.
    package static let blockSize = 12

    /// The line of one header in bytes, `name: value` with CR and LF; like the block, it counts against `max_payload`.
    package static func lineSize(_ name: String, _ value: String) -> Int {
        name.utf8.count + value.utf8.count + 4
    }
}

/// A message to be published.
package struct OutgoingMessage: Sendable {
    package let subject: String
    /// Values must be free of CR and LF: cnats turns those into blanks.
    package var headers: [NATSHeader]
    package let payload: ArraySlice<UInt8>

    package init(subject: String, headers: [NATSHeader] = [], payload: ArraySlice<UInt8>) {
        self.subject = subject
        self.headers = headers
        self.payload = payload
    }

    package init(subject: String, headers: [NATSHeader] = [], payload: [UInt8]) {
        self.init(subject: subject, headers: headers, payload: payload[...])
    }
}

/// A message that was received, copied out of the client library.
package struct NATSMessage: Sendable {
    package let subject: String
    /// Where an answer goes, when the sender asked for one.
    package let reply: String?
    package let headers: [NATSHeader]
    /// Whether there were headers that are no `name: value` lines: `headers` then is empty.
    package let hasUnreadableHeaders: Bool
    package let payload: [UInt8]

    package init(
        subject: String, reply: String? = nil, headers: [NATSHeader] = [], hasUnreadableHeaders: Bool = false,
        payload: [UInt8]
    ) {
        self.subject = subject
        self.reply = reply
        self.headers = headers
        self.hasUnreadableHeaders = hasUnreadableHeaders
        self.payload = payload
    }

    /// The first value of a header; the name is compared as it is written, as NATS does.
    package func header(_ name: String) -> String? {
        self.headers.first { $0.name == name }?.value
    }
}

/// A message while cnats still owns it: valid within the callback that received it.
struct ReceivedMessage {
    let pointer: OpaquePointer

    var payload: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: natsMsg_GetData(self.pointer), count: Int(max(0, natsMsg_GetDataLength(self.pointer))))
    }

    /// Whether the server says that nobody listens on the subject of the request.
    var isNoResponders: Bool { natsMsg_IsNoResponders(self.pointer) }

    /// The last token of the subject as a number.
    var lastSubjectNumber: UInt64? {
        guard let subject = natsMsg_GetSubject(self.pointer) else { return nil }
        var number: UInt64 = 0
        var at = subject
        while at.pointee != 0 {
            let byte = UInt8(bitPattern: at.pointee)
            if byte == UInt8(ascii: ".") {
                number = 0
            } else {
                guard byte >= 0x30, byte <= 0x39 else {
                    number = 0
                    at += 1
                    continue
                }
                number = number &* 10 &+ UInt64(byte - 0x30)
            }
            at += 1
        }
        return number
    }

    /// Where an answer goes, copied.
    var reply: String? { natsMsg_GetReply(self.pointer).map { String(cString: $0) } }

    /// The first value of a header, copied.
    func header(_ name: String) -> String? {
        var value: UnsafePointer<CChar>?
        guard natsMsgHeader_Get(self.pointer, name, &value) == NATS_OK else { return nil }
        return value.map { String(cString: $0) }
    }

    /// Everything of the message, copied.
    func copied() -> NATSMessage {
        self.copied(reply: self.reply)
    }

    /// Everything of the message, copied, but for the reply subject, which the caller has.
    func copied(reply: String?) -> NATSMessage {
        let headers = self.headers()
        return NATSMessage(
            subject: natsMsg_GetSubject(self.pointer).map { String(cString: $0) } ?? "",
            reply: reply,
            headers: headers ?? [],
            hasUnreadableHeaders: headers == nil,
            payload: Array(self.payload))
    }

    /// - Returns: `nil` where the client library cannot read them.
    private func headers() -> [NATSHeader]? {
        var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        var count: Int32 = 0
        let status = natsMsgHeader_Keys(self.pointer, &names, &count)
        guard status == NATS_OK, let names else { return status == NATS_NOT_FOUND ? [] : nil }
        defer { free(names) }
        var headers: [NATSHeader] = []
        for index in 0..<Int(count) {
            guard let name = names[index] else { continue }
            var values: UnsafeMutablePointer<UnsafePointer<CChar>?>?
            var valueCount: Int32 = 0
            guard natsMsgHeader_Values(self.pointer, name, &values, &valueCount) == NATS_OK, let values else {
                return nil
            }
            defer { free(values) }
            for position in 0..<Int(valueCount) {
                guard let value = values[position] else { continue }
                headers.append(NATSHeader(String(cString: name), String(cString: value)))
            }
        }
        return headers
    }
}
