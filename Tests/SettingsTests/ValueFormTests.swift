import Testing

@testable import Settings

@Suite struct ValueFormTests {
    @Test(arguments: [("1", 1), ("8080", 8080), ("007", 7), ("65535", 65535)])
    func `Digits within the range are a whole number`(text: String, number: Int) {
        #expect(ValueForm<Int>.integer(in: 1...65535).parse(text) == number)
    }

    @Test(arguments: ["0", "65536", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x10", "١", "99999999999999999999", "abc"])
    func `Anything else is none`(text: String) {
        #expect(ValueForm<Int>.integer(in: 1...65535).parse(text) == nil)
    }

    @Test(arguments: [
        ("72h", Duration.seconds(259200)), ("1h30m", .seconds(5400)), ("500ms", .milliseconds(500)),
        ("2m", .seconds(120)),
        ("1d", .seconds(86400)), ("1s500ms", .milliseconds(1500)),
    ])
    func `Durations are whole numbers with units, added up`(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(arguments: [
        "", "72", "h", "1.5h", "-1h", "1H", "1 h", "1h ", "1w", "1h30", "ms1", "9223372036854775807d",
        "9223372036854775807ms1ms",
    ])
    func `Anything else is no duration`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: [
        ("1024", 1024), ("4K", 4096), ("4KiB", 4096), ("10M", 10 << 20), ("1GiB", 1 << 30), ("2T", 2 << 40),
    ])
    func `Byte counts may have a unit`(text: String, count: Int) {
        #expect(ValueForm<Int>.byteCount(atLeast: 1024).parse(text) == count)
    }

    @Test(arguments: ["1023", "K", "1k", "1KB", "1.5G", "-1", "9999999999T", "9223372036854775807T", ""])
    func `Other byte counts are none`(text: String) {
        #expect(ValueForm<Int>.byteCount(atLeast: 1024).parse(text) == nil)
    }

    @Test(arguments: ["1", "yes", "TRUE", "on", "true "])
    func `A boolean is true or false and nothing else`(text: String) {
        #expect(ValueForm<Bool>.boolean.parse(text) == nil)
        #expect(ValueForm<Bool>.boolean.parse("true") == true)
        #expect(ValueForm<Bool>.boolean.parse("false") == false)
    }

    @Test func `A choice names its words`() {
        #expect(ValueForm<LogFormat>.choice.expected == "auto, logfmt or json")
        #expect(ValueForm<LogFormat>.choice.parse("json") == .json)
        #expect(ValueForm<LogFormat>.choice.parse("JSON") == nil)
    }

    @Test(arguments: [
        ("127.0.0.1:9180", "127.0.0.1:9180"), ("localhost:1", "localhost:1"), ("[::1]:65535", "[::1]:65535"),
        ("[fe80::1%eth0]:80", "[fe80::1%eth0]:80"), ("unix:/run/a b.sock", "unix:/run/a b.sock"), ("off", "off"),
    ])
    func `An admin address is a host and port, a Unix socket or off`(text: String, shown: String) {
        #expect(ValueForm<AdminAddress>.adminAddress.parse(text).map { "\($0)" } == shown)
    }

    @Test(arguments: [
        "9180", ":9180", "localhost", "localhost:", "localhost:0", "localhost:65536", "a b:1", "::1:80",
        "[localhost]:80",
        "[::1]", "[::1:80", "1.2.3:80", "256.1.1.1:80", "unix:", "unix:relative", "OFF", "http://a:1", "a:1:2",
        "unix:/" + String(repeating: "a", count: 107), "unix:/a\n",
    ])
    func `Any other admin address is refused`(text: String) {
        #expect(ValueForm<AdminAddress>.adminAddress.parse(text) == nil)
    }

    @Test(arguments: [("0.0.0.0", "0.0.0.0"), ("::", "::"), ("[::1]", "::1"), ("my-host.example", "my-host.example")])
    func `A host is a name or an address`(text: String, host: String) {
        #expect(ValueForm<String>.host.parse(text) == host)
    }

    @Test(arguments: ["0.0.0.0:8080", "a b", "a/b", "[]", "1.2.3.4.5", "höst", "%", String(repeating: "a", count: 256)])
    func `Any other host is refused`(text: String) {
        #expect(ValueForm<String>.host.parse(text) == nil)
    }

    @Test(arguments: [
        ("https://graph.facebook.com", "https://graph.facebook.com"),
        ("http://127.0.0.1:9999/", "http://127.0.0.1:9999"),
        ("HTTPS://h/base/x//", "https://h/base/x"), ("http://[::1]:80", "http://[::1]:80"),
    ])
    func `A Graph URL is http or https with a host, without slashes at its end`(text: String, url: String) {
        #expect(ValueForm<String>.httpURL.parse(text) == url)
    }

    @Test(arguments: [
        "graph.facebook.com", "ftp://a", "https://", "https:///a", "https://u:p@a", "https://a?b", "https://a#b",
        "https://a b", "https://a\\b", "https://a:0", "https://a:", "https://é", "http:/a", "https://a:b",
    ])
    func `Any other Graph URL is refused`(text: String) {
        #expect(ValueForm<String>.httpURL.parse(text) == nil)
    }

    @Test(arguments: ["v21.0", "v1.10"])
    func `An API version is v, digits, a dot and digits`(text: String) {
        #expect(ValueForm<String>.apiVersion.parse(text) == text)
    }

    @Test(arguments: ["21.0", "v21", "v21.", "v.0", "V21.0", "v21.0.1", "v21.0/../x", "v-1.0", "v99999999999999.0"])
    func `Any other version is refused`(text: String) {
        #expect(ValueForm<String>.apiVersion.parse(text) == nil)
    }

    @Test func `Secrets have commas between and blanks around that do not count`() {
        let form = ValueForm<[Secret]>.words("an app secret")
        #expect(form.parse("a, b ,c")?.map(\.revealed) == ["a", "b", "c"])
        for text in [",", "a,", ",a", "a,,b", "a b", "a\n", " "] { #expect(form.parse(text) == nil, "\(text)") }
    }

    @Test func `Workers, components and shards`() {
        let spread = ValueForm<WorkerSpread>.workerSpread(in: 1...8)
        #expect(spread.parse("per-account") == .perAccount && spread.parse("8") == .processes(8))
        #expect(spread.parse("0") == nil && spread.parse("9") == nil && spread.parse("all") == nil)
        let components = ValueForm<Set<Component>>.components
        #expect(components.parse("egress") == [.egress] && components.parse("egress, ingress") == [.ingress, .egress])
        for text in ["ingress", "egress,egress", "egress,", "all"] { #expect(components.parse(text) == nil, "\(text)") }
        let shard = ValueForm<Shard>.shard(of: 16)
        #expect(shard.parse("2/16") == Shard(index: 2, count: 16))
        for text in ["0/1", "2/1", "1/17", "1", "1/", "/1", "1/1/1", "a/b"] {
            #expect(shard.parse(text) == nil, "\(text)")
        }
    }
}
