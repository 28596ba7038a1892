/// W3C Trace Context, as far as a gateway that passes it on has to know it.
package enum TraceContext {
    /// Whether a `traceparent` is one: `00-<32 hex>-<16 hex>-<2 hex>` in lower case, neither ID all zeros; a later
    /// version may add more.
    package static func isValid(_ traceparent: String) -> Bool {
        let parts = traceparent.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count >= 4, traceparent.utf8.count <= 256 else { return false }
        guard parts[0].count == 2, parts[0] != Substring("ff").utf8, parts.count == 4 || parts[0] != Substring("00").utf8
        else { return false }
        guard parts[1].count == 32, parts[2].count == 16, parts[3].count == 2 else { return false }
        guard parts.prefix(4).allSatisfy({ $0.allSatisfy(isLowerHex) }) else { return false }
        return [parts[1], parts[2]].allSatisfy { id in id.contains { $0 != UInt8(ascii: "0") } }
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
