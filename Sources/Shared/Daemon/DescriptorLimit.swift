import Glibc

/// What the limit on open descriptors leaves for connections.
package enum DescriptorLimit {
    /// Raises the soft limit as far as it may go; at least 16 connections, whatever the limit.
    ///
    /// 128 descriptors are kept free for all else: an accept() that fails for lack of one would be tried again without
    /// end, and a call to Graph would wait as if Graph were away.
    package static func connections(wanted: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        let needed = rlim_t(wanted + 128)
        if limit.rlim_cur < needed {
            limit.rlim_cur = min(limit.rlim_max, needed)
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return max(16, min(wanted, Int(clamping: limit.rlim_cur) - 128))
    }
}
