import Addressing
import JSONBytes

/// A path below `GRAPH_URL/API_VERSION/`, perhaps with a query, from which no server can be talked out of there.
///
/// The access token goes along with the call, so whatever could name another host, another API version or another
/// header is refused rather than repaired.
struct GraphPath {
    /// Percent-encoded, ASCII only, without a leading slash.
    private(set) var text: String

    init(ownMessagesOf id: PhoneNumberID) {
        self.text = "\(id.value)/messages"
    }

    /// Checks a requester's path; `nil` where nothing but slashes is in it.
    ///
    /// Leading slashes are dropped. What a URL may not bear as it is (`"<>[]^{|}`, a backtick, every byte that is not
    /// ASCII) is percent-encoded, all else stays as written.
    ///
    /// - Throws: a client error for `.` and `..` segments (also after up to three rounds of percent-decoding), a
    ///   scheme, a user or host part, `#`, `\`, white space, a control character, a `%` without two hex digits.
    init?(_ given: String) throws(ClientError) {
        // Bytes, not characters: a slash with a combining mark after it is a slash to a server.
        let path = given.utf8.drop { $0 == UInt8(ascii: "/") }
        if path.isEmpty { return nil }
        try Self.checkCharacters(given.unicodeScalars)
        try Self.checkSegments(Array(path.prefix { $0 != UInt8(ascii: "?") }), slashes: given.utf8.count - path.count)
        self.text = PercentEncoding.encode(path, leaving: PercentEncoding.path)
    }

    /// Appends the members of an object as `name=value`, everything but `A–Z a–z 0–9 - . _ ~` percent-encoded.
    ///
    /// - Throws: a client error where a member is neither string nor number nor boolean.
    mutating func append(query: JSONValue?) throws(ClientError) {
        guard let query else { return }
        var hasQuery = self.text.utf8.contains(UInt8(ascii: "?"))
        for pair in try QueryParameters(query).pairs {
            self.text += (hasQuery ? "&" : "?") + pair
            hasQuery = true
        }
    }

    /// Whether the path is `<phone_number_id>/messages`, however it is spelled and whatever its query.
    func isMessages(of id: PhoneNumberID) -> Bool {
        let path = Array(self.text.utf8.prefix { $0 != UInt8(ascii: "?") })
        let segments = PercentEscapes.decode(path).split(separator: UInt8(ascii: "/"))
        guard segments.count == 2 else { return false }
        return segments[0].elementsEqual(id.value.utf8)
            && String(decoding: segments[1], as: UTF8.self).lowercased() == "messages"
    }

    private static func checkCharacters(_ scalars: String.UnicodeScalarView) throws(ClientError) {
        for (index, scalar) in zip(scalars.indices, scalars) {
            if scalar.properties.isWhitespace { throw refused("white space") }
            if scalar.properties.generalCategory == .control { throw refused("a control character") }
            if scalar == "#" || scalar == "\\" { throw refused("a \(scalar)") }
            if scalar == "%" {
                let digits = scalars[index...].dropFirst().prefix(2)
                guard digits.count == 2, digits.allSatisfy(\.properties.isASCIIHexDigit) else {
                    throw refused("a % without two hex digits")
                }
            }
        }
    }

    /// Checks what stands before the query, as it is and after each of three rounds of decoding: Graph decodes once, a
    /// proxy before it may do so again.
    ///
    /// - Parameter slashes: how many slashes led the path.
    private static func checkSegments(_ path: [UInt8], slashes: Int) throws(ClientError) {
        var path = path
        for _ in 0...3 {
            // Some servers take a decoded backslash for a slash.
            let segments = path.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
            for segment in segments where segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8) {
                throw refused("a . or .. segment")
            }
            try Self.checkFirst(segments.first ?? [], afterTwoSlashes: slashes > 1)
            path = PercentEscapes.decode(path)
        }
    }

    /// Refuses what a URL parser could take for the part before the path.
    ///
    /// By RFC 3986 the first segment of a relative path has no colon: it would end a scheme or begin a port. An `@`
    /// would end a user. After two slashes the first segment would be a host, so there it may not look like one.
    private static func checkFirst(_ segment: ArraySlice<UInt8>, afterTwoSlashes: Bool) throws(ClientError) {
        if segment.contains(UInt8(ascii: ":")) { throw refused("a scheme or a port") }
        if segment.contains(UInt8(ascii: "@")) { throw refused("a user part") }
        if afterTwoSlashes && segment.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "[") }) {
            throw refused("a host part")
        }
    }

    private static func refused(_ what: String) -> ClientError {
        ClientError("path has \(what): expected a path below the API version, percent-encoded")
    }
}
