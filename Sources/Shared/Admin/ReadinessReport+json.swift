import Daemon
import JSONBytes

extension ReadinessReport {
    /// `{"ready":false,"checks":[{"name":"nats","ok":true},{"name":"listener","ok":false,"reason":"…"}]}` and a line end;
    /// a check that is degraded has `"ok":true,"degraded":true,"reason":"…"`.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("ready", bool: self.isReady)
            object.member(
                "checks",
                array: { array in
                    for check in self.checks {
                        array.element { object in
                            object.member("name", string: check.name)
                            object.member("ok", bool: check.holds)
                            if check.isDegraded { object.member("degraded", bool: true) }
                            if let reason = check.reason { object.member("reason", string: reason) }
                        }
                    }
                })
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}
