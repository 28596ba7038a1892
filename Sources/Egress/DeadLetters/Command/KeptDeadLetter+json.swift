import JSONBytes
import NATSClient

extension KeptDeadLetter {
    /// The letter as a line of JSON, the job's headers and payload included; `null` where it does not say.
    ///
    /// A header is an array of its values; a payload that is no JSON is a string.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { line in
            line.member("sequence", raw: String(self.sequence).utf8)
            line.member("stored", string: self.storedAt.rfc3339)
            line.member("action", string: self.action)
            line.member("job_id", self.jobID)
            line.member("attempts", self.attempts)
            line.member("code", self.code)
            line.member("reason", self.reason)
            line.member("error", self.error)
            if let truncated = self.text(.truncated) { line.member("truncated", string: truncated) }
            line.member("headers") { headers in
                let values = Dictionary(grouping: self.headersOfJob, by: \.name)
                for (name, headersOfName) in values.sorted(by: { $0.key < $1.key }) {
                    headers.member(
                        name,
                        array: { array in
                            for header in headersOfName { array.element(string: header.value) }
                        })
                }
            }
            if let document = try? JSONDocument(validating: self.payload) {
                // Between the parts of a JSON text only: within a string an end of line is written as an escape.
                let blank = UInt8(ascii: " ")
                let isEndOfLine = { (byte: UInt8) in byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
                line.member("payload", raw: document.root.bytes.map { isEndOfLine($0) ? blank : $0 })
            } else {
                line.member("payload", string: String(decoding: self.payload, as: UTF8.self))
            }
        }
        return writer.bytes
    }
}

extension JSONObjectWriter {
    fileprivate mutating func member(_ key: String, _ value: String?) {
        if let value {
            self.member(key, string: value)
        } else {
            self.member(key, raw: "null".utf8)
        }
    }

    fileprivate mutating func member(_ key: String, _ value: Int?) {
        self.member(key, raw: (value.map(String.init) ?? "null").utf8)
    }
}
