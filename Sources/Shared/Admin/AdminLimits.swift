import NIOCore

/// What the admin endpoint bears.
struct AdminLimits: Sendable {
    /// Open connections; one more, and the one that has been open longest is closed.
    var connections = 64
    /// Names and values of a request's headers, and its target, in bytes; more get 431.
    var headerBytes = 8 << 10
    var headers = 64
    /// From a connection's beginning to the end of its request's head, however the bytes come; then 408.
    var requestTime = TimeAmount.seconds(5)
    /// From a request for a page that may take its time to the page; then 503.
    var pageTime = TimeAmount.seconds(5)
    /// Pages being made at once; one more gets 503.
    var pages = 16
    /// From the answer's first byte to its last; a client that does not read is cut off then.
    var writeTime = TimeAmount.seconds(5)
    /// From the answer's last byte to the client's own end, so that the client can read it; what comes meanwhile is swallowed.
    var lingerTime = TimeAmount.seconds(2)
}
