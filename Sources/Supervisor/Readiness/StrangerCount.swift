import Logging

/// Counts the notices that came from no worker, and tells of them.
struct StrangerCount {
    private let logger: Logger
    private(set) var dropped = 0

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// One more was dropped.
    mutating func note() {
        self.dropped += 1
        // The first, the second, the fourth …: a flood is not to fill the log.
        if self.dropped.nonzeroBitCount == 1 {
            self.logger.warning(
                "a notice of no worker is dropped; find out who writes to the workers' socket",
                metadata: ["dropped": "\(self.dropped)"])
        }
    }
}
