import CCurl
import Foundation
import Testing

@testable import Egress

@Suite struct OpenSocketsTests {
    @Test(arguments: [(AF_INET, "127.0.0.1"), (AF_INET6, "::1")])
    func `A connection is found by its ends, and what waits on it is told and left there`(
        family: Int32, address: String
    ) throws {
        let listener = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        try #require(Self.bind(listener, family) && listen(listener, 1) == 0)
        let port = try #require(Self.port(listener))

        let sockets = OpenSockets()
        var wanted = curl_sockaddr()
        wanted.family = family
        wanted.socktype = Int32(SOCK_STREAM.rawValue)
        let client = sockets.open(wanted)
        try #require(Self.connect(client, family, port))
        let server = accept(listener, nil, nil)
        let ends = OpenSockets.Ends(
            localAddress: address, localPort: try #require(Self.port(client)), remoteAddress: address, remotePort: port)

        #expect(sockets.input(of: ends) == .nothing)
        #expect(send(server, "x", 1, 0) == 1)
        #expect(sockets.input(of: ends) == .bytes)
        #expect(sockets.input(of: ends) == .bytes)
        var byte: UInt8 = 0
        #expect(recv(client, &byte, 1, 0) == 1)
        #expect(sockets.input(of: ends) == .nothing)
        close(server)
        #expect(sockets.input(of: ends) == .end)
        #expect(sockets.close(client) == 0)
        #expect(sockets.input(of: ends) == nil)
    }

    /// Calls with a loopback address of the family, as `bind`, `connect` and the like want it.
    private static func withLoopback(
        _ family: Int32, _ port: Int32, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Bool {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = in_port_t(port).bigEndian
        four.sin_addr.s_addr = inet_addr("127.0.0.1")
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = in_port_t(port).bigEndian
        six.sin6_addr = in6addr_loopback
        let bytes =
            family == AF_INET ? withUnsafeBytes(of: &four) { Array($0) } : withUnsafeBytes(of: &six) { Array($0) }
        return bytes.withUnsafeBytes {
            body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count)) == 0
        }
    }

    private static func bind(_ descriptor: Int32, _ family: Int32) -> Bool {
        self.withLoopback(family, 0) { Foundation.bind(descriptor, $0, $1) }
    }

    private static func connect(_ descriptor: Int32, _ family: Int32, _ port: Int32) -> Bool {
        self.withLoopback(family, port) { Foundation.connect(descriptor, $0, $1) }
    }

    /// The port follows the family, in both kinds of address.
    private static func port(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: MemoryLayout<sockaddr_in6>.size)
        var length = socklen_t(bytes.count)
        let status = bytes.withUnsafeMutableBytes {
            getsockname(descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
        }
        return status == 0 ? Int32(bytes[2]) << 8 | Int32(bytes[3]) : nil
    }
}
