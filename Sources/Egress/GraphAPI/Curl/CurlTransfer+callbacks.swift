import CCurl

extension CurlTransfer {
    /// What libcurl calls while it carries a call; all on the curl thread.
    ///
    /// - Returns: whether libcurl took every one.
    static func setCallbacks(
        of easy: UnsafeMutableRawPointer, to transfer: CurlTransfer, sockets: OpenSockets
    ) -> Bool {
        let transfer = Unmanaged.passUnretained(transfer).toOpaque()
        let sockets = Unmanaged.passUnretained(sockets).toOpaque()
        let pointers = [
            (CURLOPT_PREREQDATA, transfer), (CURLOPT_HEADERDATA, transfer), (CURLOPT_WRITEDATA, transfer),
            (CURLOPT_OPENSOCKETDATA, sockets), (CURLOPT_CLOSESOCKETDATA, sockets),
        ]
        let codes = [
            ccurl_set_prereq(easy) { transfer, remote, local, remotePort, localPort in
                guard let transfer, let remote, let local else { return Int32(CURL_PREREQFUNC_ABORT) }
                let ends = OpenSockets.Ends(
                    localAddress: String(cString: local), localPort: localPort,
                    remoteAddress: String(cString: remote), remotePort: remotePort)
                let mayWrite = Unmanaged<CurlTransfer>.fromOpaque(transfer).takeUnretainedValue().mayWrite(to: ends)
                return Int32(mayWrite ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT)
            },
            ccurl_set_write(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, transfer in
                guard let transfer, let bytes else { return 0 }
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return Unmanaged<CurlTransfer>.fromOpaque(transfer).takeUnretainedValue().receivedHeadLine(line)
            },
            ccurl_set_write(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, transfer in
                guard let transfer, let bytes else { return 0 }
                let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return Unmanaged<CurlTransfer>.fromOpaque(transfer).takeUnretainedValue().receivedBody(part)
            },
            ccurl_set_open_socket(easy) { sockets, _, address in
                guard let sockets, let address else { return CURL_SOCKET_BAD }
                return Unmanaged<OpenSockets>.fromOpaque(sockets).takeUnretainedValue().open(address.pointee)
            },
            ccurl_set_close_socket(easy) { sockets, descriptor in
                guard let sockets else { return 1 }
                return Unmanaged<OpenSockets>.fromOpaque(sockets).takeUnretainedValue().close(descriptor)
            },
        ]
        return codes.allSatisfy { $0 == CURLE_OK }
            && pointers.allSatisfy { ccurl_set_pointer(easy, $0, $1) == CURLE_OK }
    }
}
