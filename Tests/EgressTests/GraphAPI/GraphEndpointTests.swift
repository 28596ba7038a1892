import Testing

@testable import Egress

@Suite struct GraphEndpointTests {
    @Test(arguments: [
        ("https://graph.facebook.com", "v21.0", "https://graph.facebook.com/v21.0/1/messages", "graph.facebook.com"),
        ("https://graph.facebook.com/", "v21.0", "https://graph.facebook.com/v21.0/1/messages", "graph.facebook.com"),
        ("HTTP://localhost:9090/a//", "v22", "http://localhost:9090/a/v22/1/messages", "localhost:9090"),
        ("http://[::1]:80", "v21.0", "http://[::1]:80/v21.0/1/messages", "[::1]:80"),
        ("http://10.0.0.1", "v21.0", "http://10.0.0.1/v21.0/1/messages", "10.0.0.1"),
    ])
    func `A base and a version make the URL of a call`(base: String, version: String, url: String, host: String) throws
    {
        let endpoint = try #require(GraphEndpoint(url: base, version: version))
        #expect(endpoint.url(of: GraphCall(path: "1/messages", body: nil)) == url)
        #expect(endpoint.host == host)
    }

    @Test(arguments: [
        "", "graph.facebook.com", "ftp://a", "http://", "https:///a", "http://u:p@a", "http://a?b", "http://a#b",
        "http://a b", "http://a\r\nb", "http://a\\b", "http://é", "http://a:0", "http://a:65536", "http://a:+80",
        "http://a:", "http://a:8x", "http://[::1", "http://[::1]x", "http://[]", "http://a,b",
    ])
    func `A base that is no plain http URL is refused`(base: String) {
        #expect(GraphEndpoint(url: base, version: "v21.0") == nil)
    }

    @Test(arguments: ["", ".", "..", "v21/0", "v 1", "v1\n", "v1?", "é"])
    func `A version that is no plain segment is refused`(version: String) {
        #expect(GraphEndpoint(url: "http://a", version: version) == nil)
    }
}
