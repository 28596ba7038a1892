/// What one datagram of systemd's notification protocol says, as far as the supervisor understands it.
struct NotifyMessage: Hashable {
    /// So long a status may be, in characters.
    static let statusLimit = 200

    var isReady = false
    var isStopping = false
    /// A ping for the watchdog.
    var isPing = false
    /// The status, free of control characters; nil when the message has none.
    var status: String?

    /// Reads `NAME=VALUE` lines; passes over what is malformed or unknown.
    init(_ datagram: some Collection<UInt8>) {
        for line in datagram.split(separator: UInt8(ascii: "\n")) {
            if line.elementsEqual("READY=1".utf8) {
                self.isReady = true
            } else if line.elementsEqual("STOPPING=1".utf8) {
                self.isStopping = true
            } else if line.elementsEqual("WATCHDOG=1".utf8) {
                self.isPing = true
            } else if line.starts(with: "STATUS=".utf8) {
                self.status = Self.text(line.dropFirst("STATUS=".utf8.count))
            }
        }
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String {
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars.prefix(Self.statusLimit)
        return String(String.UnicodeScalarView(scalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
