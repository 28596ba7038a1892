import CNATS
import Glibc
import Logging
import Settings
import Synchronization

extension NATSOptions {
    /// Tells the client library how to connect, and has it report to `link`; `link` outlives the connection.
    func apply(to options: OpaquePointer, of link: Link) -> NATSError? {
        var servers: [UnsafePointer<CChar>?] = self.servers.map { UnsafePointer(strdup($0.revealed)) }
        defer { servers.forEach { free(UnsafeMutablePointer(mutating: $0)) } }
        let context = Unmanaged.passUnretained(link).toOpaque()
        let steps: [(String, () -> natsStatus)] = [
            ("NATS_URL", { natsOptions_SetServers(options, &servers, Int32(servers.count)) }),
            ("client name", { natsOptions_SetName(options, self.clientName) }),
            ("NATS_CREDS", { self.setCredentials(options) }),
            ("NATS_CA", { self.setCertificateAuthority(options) }),
            ("NATS_CERT, NATS_KEY", { self.setCertificate(options) }),
            ("timeout", { natsOptions_SetTimeout(options, 2000) }),
            ("ping interval", { natsOptions_SetPingInterval(options, 2000) }),
            ("pings out", { natsOptions_SetMaxPingsOut(options, 2) }),
            ("write deadline", { natsOptions_SetWriteDeadline(options, 5000) }),
            ("reconnect", { natsOptions_SetMaxReconnect(options, -1) }),
            ("reconnect wait", { natsOptions_SetReconnectWait(options, 200) }),
            ("reconnect jitter", { natsOptions_SetReconnectJitter(options, 50, 100) }),
            ("reconnect buffer", { natsOptions_SetReconnectBufSize(options, self.reconnectBufferBytes) }),
            ("send at once", { natsOptions_SetSendAsap(options, self.writesAtOnce) }),
            ("delivery pool", { natsOptions_UseGlobalMessageDelivery(options, true) }),
            ("disconnected", { natsOptions_SetDisconnectedCB(options, linkDisconnected, context) }),
            ("reconnected", { natsOptions_SetReconnectedCB(options, linkReconnected, context) }),
            ("closed", { natsOptions_SetClosedCB(options, linkClosed, context) }),
            ("errors", { natsOptions_SetErrorHandler(options, linkFailed, context) }),
        ]
        for (what, step) in steps {
            if let error = NATSError(step(), what) { return error }
        }
        return nil
    }

    private func setCredentials(_ options: OpaquePointer) -> natsStatus {
        guard let path = self.credentialsPath else { return NATS_OK }
        return natsOptions_SetUserCredentialsFromFiles(options, path, nil)
    }

    private func setCertificateAuthority(_ options: OpaquePointer) -> natsStatus {
        if let path = self.certificateAuthorityPath {
            return natsOptions_LoadCATrustedCertificates(options, path)
        }
        // Without an authority of its own the client library trusts none; OpenSSL's defaults are the system's.
        guard self.usesTLS else { return NATS_OK }
        return natsOptions_LoadCATrustedCertificates(options, "/etc/ssl/certs/ca-certificates.crt")
    }

    private func setCertificate(_ options: OpaquePointer) -> natsStatus {
        guard let certificate = self.certificatePath, let key = self.keyPath else { return NATS_OK }
        return natsOptions_LoadCertificatesChain(options, certificate, key)
    }

    /// Whether a server is to be reached over TLS.
    var usesTLS: Bool {
        self.servers.contains { $0.revealed.hasPrefix("tls://") } || self.certificateAuthorityPath != nil
            || self.certificatePath != nil
    }
}

// The client library calls these on threads of its own; none of them touches the connection or a subscription.

private func linkDisconnected(_ connection: OpaquePointer?, _ context: UnsafeMutableRawPointer?) {
    guard let link = Link.from(context) else { return }
    link.isConnected.store(false, ordering: .releasing)
    if !link.isFinished {
        link.logger.warning(
            "NATS disconnected, and is called again; see to nats-server if it does not come back",
            metadata: ["host": "\(link.options.hosts)"])
    }
    link.inbox.failAll(NATSError(.disconnected, "the connection to NATS broke"))
}

private func linkReconnected(_ connection: OpaquePointer?, _ context: UnsafeMutableRawPointer?) {
    guard let link = Link.from(context) else { return }
    link.isConnected.store(true, ordering: .releasing)
    link.reconnects.add(1, ordering: .relaxed)
    link.logger.notice("NATS reconnected", metadata: ["host": "\(link.options.hosts)"])
    link.mailbox.post(.reconnected)
}

private func linkClosed(_ connection: OpaquePointer?, _ context: UnsafeMutableRawPointer?) {
    guard let link = Link.from(context) else { return }
    link.isConnected.store(false, ordering: .releasing)
    link.inbox.failAll(NATSError(.disconnected, "the connection to NATS broke"))
    link.mailbox.post(.connectionClosed)
}

private func linkFailed(
    _ connection: OpaquePointer?, _ subscription: OpaquePointer?, _ status: natsStatus,
    _ context: UnsafeMutableRawPointer?
) {
    guard let link = Link.from(context) else { return }
    if status == NATS_SLOW_CONSUMER {
        link.dropped.add(1, ordering: .relaxed)
    }
    if status == NATS_NOT_PERMITTED {
        // For as long as this callback runs, the thread's last error is what the server said.
        let words = nats_GetLastError(nil).map { String(cString: $0) } ?? ""
        return link.mailbox.post(.notPermitted(words))
    }
    let text = natsStatus_GetText(status).map { String(cString: $0) } ?? "error"
    link.logger.error(
        "NATS reported an error; see the server's log, and what its configuration permits this user",
        metadata: ["error": "\(text)"])
}

extension Link {
    fileprivate static func from(_ context: UnsafeMutableRawPointer?) -> Link? {
        context.map { Unmanaged<Link>.fromOpaque($0).takeUnretainedValue() }
    }
}
