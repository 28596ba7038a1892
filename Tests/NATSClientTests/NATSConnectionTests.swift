import NATSClient
import NATSTestSupport
import Settings
import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct NATSConnectionTests {
    @Test func `A message arrives with its bytes and headers`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let received = Watched<[NATSMessage]>([])
                _ = connection.subscribe("bytes.*") { message in received.update { $0.append(message) } }
                try await connection.roundTrip(timeout: .seconds(5))
                let payload: [UInt8] = [0, 13, 10, 0xFF, 34]
                connection.publish(
                    OutgoingMessage(
                        subject: "bytes.a", headers: [NATSHeader("Wa-From", "447700900123"), NATSHeader("x", "%0D")],
                        payload: payload))
                let message = try await received.first(what: "the message") { $0.first }
                #expect(message.subject == "bytes.a")
                #expect(message.payload == payload)
                #expect(message.header("Wa-From") == "447700900123")
                #expect(message.header("x") == "%0D")
                #expect(message.reply == nil)
            }
        }
    }

    @Test func `Messages of one connection arrive in the order in which they were published`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let received = Watched<[UInt8]>([])
                _ = connection.subscribe("order") { message in received.update { $0 += message.payload } }
                try await connection.roundTrip(timeout: .seconds(5))
                let sent = (0..<2000).map { UInt8(truncatingIfNeeded: $0) }
                for byte in sent {
                    connection.publish(OutgoingMessage(subject: "order", payload: [byte]))
                }
                let all = try await received.first(what: "2000 messages") { $0.count == 2000 ? $0 : nil }
                #expect(all == sent)
            }
        }
    }

    @Test func `A round trip says that the server knows every subscription made before`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { answering in
                try await withConnection(to: server) { asking in
                    for round in 0..<50 {
                        _ = answering.subscribe("known.\(round)") { message in
                            answering.publish(
                                OutgoingMessage(subject: message.reply ?? "none", payload: message.payload))
                        }
                        try await answering.roundTrip(timeout: .seconds(5))
                        let reply = try await asking.request(
                            OutgoingMessage(subject: "known.\(round)", payload: [1]), timeout: .seconds(5))
                        #expect(reply.payload == [1])
                    }
                }
            }
        }
    }

    @Test func `A request nobody listens to is told so at once`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let error = await #expect(throws: NATSError.self) {
                    try await connection.request(OutgoingMessage(subject: "nobody", payload: []), timeout: .seconds(30))
                }
                #expect(error?.code == .noResponders)
            }
        }
    }

    @Test func `A request without an answer ends at its time-out`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                _ = connection.subscribe("silent") { _ in }
                let began = ContinuousClock.now
                let error = await #expect(throws: NATSError.self) {
                    try await connection.request(
                        OutgoingMessage(subject: "silent", payload: []), timeout: .milliseconds(300))
                }
                #expect(error?.code == .timeout)
                #expect(ContinuousClock.now - began >= .milliseconds(300))
                #expect(ContinuousClock.now - began < .seconds(2))
            }
        }
    }

    @Test func `A wait ends at its own time-out, whatever longer waits there are`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                _ = connection.subscribe("silent") { _ in }
                async let long = try? connection.request(
                    OutgoingMessage(subject: "silent", payload: []), timeout: .seconds(5))
                // The long wait is begun, and perhaps slept for.
                try await connection.roundTrip(timeout: .seconds(5))
                for _ in 0..<3 {
                    let began = ContinuousClock.now
                    await #expect(throws: NATSError.self) {
                        try await connection.request(
                            OutgoingMessage(subject: "silent", payload: []), timeout: .milliseconds(200))
                    }
                    #expect(ContinuousClock.now - began >= .milliseconds(200))
                    #expect(ContinuousClock.now - began < .seconds(2))
                }
                #expect(await long == nil)
            }
        }
    }

    @Test func `Whoever asks for it is told of each return of the connection`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let (returns, other) = (connection.returns, connection.returns)
                var (iterator, otherIterator) = (returns.makeAsyncIterator(), other.makeAsyncIterator())
                for count in 1...2 {
                    try await server.kill()
                    try await server.restart()
                    await iterator.next()
                    #expect(connection.reconnects == count)
                    try await connection.roundTrip(timeout: .seconds(5))
                }
                // Both returns at once, since nobody has asked in between.
                await otherIterator.next()
            }
        }
    }

    @Test func `Of a queue group one member gets each message, after a reconnect too`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let received = Watched<[[UInt8]]>([])
                for _ in 0..<3 {
                    _ = connection.subscribe("work", queueGroup: "workers") { message in
                        received.update { $0.append(message.payload) }
                    }
                }
                try await connection.roundTrip(timeout: .seconds(5))
                try await server.kill()
                try await server.restart()
                try await eventually("the reconnect") { connection.isConnected }
                try await connection.roundTrip(timeout: .seconds(5))
                for byte in UInt8(0)..<100 {
                    connection.publish(OutgoingMessage(subject: "work", payload: [byte]))
                }
                connection.publish(OutgoingMessage(subject: "work", payload: [255, 255]))
                let all = try await received.first(what: "the last message") { $0.contains([255, 255]) ? $0 : nil }
                try await connection.roundTrip(timeout: .seconds(5))
                #expect(all.count <= 101)
                #expect(received.current.count == 101)
                #expect(connection.reconnects == 1)
            }
        }
    }

    @Test func `A connection waits for a server that is not there yet`() async throws {
        let server = try await NATSServer.start()
        try await server.kill()
        let connection = NATSConnection(NATSOptions(server), logger: .quiet)
        #expect(!connection.isConnected)
        try await server.restart()
        try await connection.connected()
        try await connection.roundTrip(timeout: .seconds(5))
        await connection.close()
        try await server.stop()
    }

    @Test func `Waiting for the first connection ends when its task is cancelled`() async throws {
        let server = try await NATSServer.start()
        try await server.kill()
        let connection = NATSConnection(NATSOptions(server), logger: .quiet)
        let outcome = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    try await connection.connected()
                    return true
                } catch { return false }
            }
            group.cancelAll()
            return await group.next()
        }
        #expect(outcome == false)
        await connection.close()
    }

    @Test func `A connection whose log-in is refused for a while comes back when it is taken again`() async throws {
        let right = NATSServerOptions.with { $0.login = ("gateway", "right") }
        let server = try await NATSServer.start(right)
        try await withConnection(to: server) { connection in
            let received = Watched<Int>(0)
            _ = connection.subscribe("again") { _ in received.update { $0 += 1 } }
            try await connection.roundTrip(timeout: .seconds(5))
            try await server.restart(with: .with { $0.login = ("gateway", "other") })
            // cnats closes a connection for good after two refusals.
            try await server.log.waitForLine(containing: "authentication error")
            try await server.log.waitForLine(containing: "authentication error")
            try await server.restart(with: right)
            try await eventually("the reconnect", within: .seconds(20)) { connection.isConnected }
            try await connection.roundTrip(timeout: .seconds(5))
            #expect(connection.reconnects >= 1)
            connection.publish(OutgoingMessage(subject: "again", payload: []))
            _ = try await received.first(what: "a message after all") { $0 == 1 ? $0 : nil }
        }
        try await server.stop()
    }

    @Test func `A stopped server blocks nobody: waits end in time, and publishing returns at once`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                server.pause()
                let began = ContinuousClock.now
                let chunk = [UInt8](repeating: 1, count: 500_000)
                for _ in 0..<100 {
                    connection.publish(OutgoingMessage(subject: "flood", payload: chunk))
                }
                #expect(ContinuousClock.now - began < .seconds(1))
                let error = await #expect(throws: NATSError.self) {
                    try await connection.roundTrip(timeout: .milliseconds(500))
                }
                #expect([.timeout, .disconnected].contains(error?.code))
                #expect(ContinuousClock.now - began < .seconds(2))
                server.resume()
                try await eventually("the connection works again", within: .seconds(20)) {
                    (try? await connection.roundTrip(timeout: .seconds(1))) != nil
                }
            }
        }
    }

    @Test func `A message over max_payload is refused before it is written`() async throws {
        try await NATSServer.running(.with { $0.maxPayload = 1000 }) { server in
            try await withConnection(to: server) { connection in
                #expect(connection.maximumPayload == 1000)
                let message = OutgoingMessage(subject: "large", payload: [UInt8](repeating: 0, count: 1001))
                let error = await #expect(throws: NATSError.self) {
                    try await connection.request(message, timeout: .seconds(5))
                }
                #expect(error?.code == .tooLarge)
            }
        }
    }

    @Test func `A drained subscription has delivered what came before, and gets nothing after`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let received = Watched<Int>(0)
                let subscription = connection.subscribe("drained") { _ in received.update { $0 += 1 } }
                for _ in 0..<500 {
                    connection.publish(OutgoingMessage(subject: "drained", payload: []))
                }
                try await connection.roundTrip(timeout: .seconds(5))
                await connection.drain(subscription, by: .now + .seconds(10))
                #expect(received.current == 500)
                connection.publish(OutgoingMessage(subject: "drained", payload: []))
                try await connection.roundTrip(timeout: .seconds(5))
                #expect(received.current == 500)
            }
        }
    }

    @Test func `A drain ends at its deadline where the server does not answer`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let subscription = connection.subscribe("drained") { _ in }
                try await connection.roundTrip(timeout: .seconds(5))
                server.pause()
                defer { server.resume() }
                let deadline = ContinuousClock.now + .milliseconds(300)
                await connection.drain(subscription, by: deadline)
                // The client library itself would wait for half a minute.
                #expect(ContinuousClock.now < deadline + .seconds(10))
            }
        }
    }

    @Test func `Closing writes what was published, and ends every wait`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { watching in
                let received = Watched<Int>(0)
                _ = watching.subscribe("last") { _ in received.update { $0 += 1 } }
                _ = watching.subscribe("silent") { _ in received.update { $0 += 1000 } }
                try await watching.roundTrip(timeout: .seconds(5))

                let connection = NATSConnection(NATSOptions(server), logger: .quiet)
                try await connection.connected()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        let error = await #expect(throws: NATSError.self) {
                            try await connection.request(
                                OutgoingMessage(subject: "silent", payload: []), timeout: .seconds(60))
                        }
                        #expect(error?.code == .closed)
                    }
                    _ = try await received.first(what: "the request") { $0 >= 1000 ? $0 : nil }
                    for _ in 0..<100 {
                        connection.publish(OutgoingMessage(subject: "last", payload: []))
                    }
                    await connection.close()
                    try await group.waitForAll()
                }
                _ = try await received.first(what: "every message") { $0 == 1100 ? $0 : nil }
            }
        }
    }

    @Test func `A .creds file logs in where the server demands one`() async throws {
        let credentials = try TestCredentials()
        let folder = try TemporaryFolder()
        let path = try folder.write(credentials.file, to: "user.creds")
        let demanding = NATSServerOptions.with {
            $0.jetStream = false
            $0.furtherLines = credentials.serverLines
        }
        try await NATSServer.running(demanding) { server in
            var options = NATSOptions(server)
            let nobody = NATSConnection(options, logger: .quiet)
            try await server.log.waitForLine(containing: "authentication error")
            #expect(!nobody.isConnected)
            await nobody.close()

            options.credentialsPath = path
            // Of 256 log-ins of cnats 3.4.1 one fails; the connection has to come about all the same.
            for _ in 0..<20 {
                let user = NATSConnection(options, logger: .quiet)
                try await user.connected()
                try await user.roundTrip(timeout: .seconds(5))
                await user.close()
            }
        }
    }

    @Test(arguments: [false, true])
    func `A token or a password in the URL logs in`(usesToken: Bool) async throws {
        let demanding = NATSServerOptions.with {
            if usesToken { $0.token = "s3cret" } else { $0.login = ("gateway", "s3cret") }
        }
        try await NATSServer.running(demanding) { server in
            try await withConnection(to: server) { connection in try await connection.roundTrip(timeout: .seconds(5)) }
        }
    }

    @Test func `Of several servers the one that is there is taken, and another when it goes`() async throws {
        let first = try await NATSServer.start()
        let second = try await NATSServer.start()
        var options = NATSOptions(first)
        options.servers.append(Secret(second.url))
        let connection = NATSConnection(options, logger: .quiet)
        try await connection.connected()
        for server in [first, second] {
            try await first.restart()
            try await second.restart()
            try await server.kill()
            try await eventually("the other server answers", within: .seconds(20)) {
                (try? await connection.roundTrip(timeout: .seconds(1))) != nil
            }
        }
        await connection.close()
        try await first.stop()
    }

    @Test func `A connection over TLS trusts the authority it is given, and no other`() async throws {
        let certificates = try await TestCertificates.make()
        try await NATSServer.running(.with { $0.certificates = certificates }) { server in
            var options = NATSOptions(server)
            let distrusting = NATSConnection(options, logger: .quiet)
            try await server.log.waitForLine(containing: "TLS handshake error")
            #expect(!distrusting.isConnected)
            await distrusting.close()

            options.certificateAuthorityPath = certificates.authority
            let trusting = NATSConnection(options, logger: .quiet)
            try await trusting.connected()
            try await trusting.roundTrip(timeout: .seconds(5))
            await trusting.close()
        }
    }
}
