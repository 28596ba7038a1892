import JSONBytes

extension SupervisorStatus {
    /// One line, without its end.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { status in
            status.member("service", string: Self.service)
            status.member("version", string: self.version)
            status.member("pid", int: self.pid)
            status.member("shard", string: self.shard)
            status.member("uptime_seconds", int: self.uptime)
            status.member("ready", bool: self.isReady)
            status.member("status", string: self.text)
            status.member(
                "workers",
                array: { workers in
                    for worker in self.workers { workers.element { worker.write(to: &$0) } }
                })
        }
        return writer.bytes
    }

    /// Reads what `/status` has answered; nil where that is no supervisor's.
    ///
    /// It may be anybody's: what a terminal would take for more than text is replaced.
    init?(json bytes: [UInt8]) {
        guard let document = try? JSONDocument(validating: bytes) else { return nil }
        let status = document.root
        guard status["service"]?.string == Self.service, let pid = status["pid"]?.int,
            let ready = status["ready"]?.bool, let text = status.text("status"), let list = status["workers"],
            list.kind == .array
        else { return nil }
        var workers: [Worker] = []
        for element in list.elements {
            guard let worker = Worker(element) else { return nil }
            workers.append(worker)
        }
        self.init(
            version: status.text("version") ?? "", pid: pid, shard: status.text("shard") ?? "",
            uptime: status["uptime_seconds"]?.int ?? 0, text: text, isReady: ready, workers: workers)
    }
}

extension SupervisorStatus.Worker {
    fileprivate init?(_ json: JSONValue) {
        guard let name = json.text("worker"), let state = json.text("state"), let ready = json["ready"]?.bool else {
            return nil
        }
        self.init(
            name: name, component: json.text("component") ?? "",
            accounts: json["accounts"]?.elements.compactMap { $0.string.map(PrintableText.of) } ?? [],
            pid: json["pid"]?.int, state: state, isReady: ready, uptime: json["uptime_seconds"]?.int,
            restarts: json["restarts"]?.int ?? 0, lastExit: json.text("last_exit"), inFlight: json["in_flight"]?.int,
            reason: json.text("reason"))
    }

    fileprivate func write(to json: inout JSONObjectWriter) {
        json.member("worker", string: self.name)
        json.member("component", string: self.component)
        json.member(
            "accounts",
            array: { array in
                for account in self.accounts { array.element(string: account) }
            })
        json.member("pid", self.pid)
        json.member("state", string: self.state)
        json.member("ready", bool: self.isReady)
        json.member("uptime_seconds", self.uptime)
        json.member("restarts", int: self.restarts)
        json.member("last_exit", self.lastExit)
        json.member("in_flight", self.inFlight)
        json.member("reason", self.reason)
    }
}

extension JSONValue {
    /// A member's text, as a terminal may have it.
    fileprivate func text(_ key: String) -> String? { self[key]?.string.map(PrintableText.of) }
}

extension JSONObjectWriter {
    /// A number, or `null`.
    fileprivate mutating func member(_ key: String, _ value: Int?) {
        if let value { self.member(key, int: value) } else { self.member(key, raw: "null".utf8) }
    }

    /// A text, or `null`.
    fileprivate mutating func member(_ key: String, _ value: String?) {
        if let value { self.member(key, string: value) } else { self.member(key, raw: "null".utf8) }
    }
}
