/// A whole HTTP response of the simulator.
package struct GraphAnswer: Hashable, Sendable {
    package struct Header: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var status: Int
    /// In the order in which they are sent; `Content-Length` is added to them.
    package var headers: [Header]
    package var body: [UInt8]

    /// Any response; without headers it says that it is JSON.
    package init(
        status: Int, headers: [Header] = [Header("Content-Type", "application/json; charset=UTF-8")], body: [UInt8]
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    init(status: Int = 200, _ json: MetaJSON) {
        self.init(status: status, body: json.bytes)
    }

    /// `{"success":true}`
    static let success = GraphAnswer(#"{"success":true}"#)
}
