import Daemon
import Settings

/// Configurations read anew, on their way from the main thread, which may wait for files, to the service.
final class IngressReloads: Sendable {
    /// In order; what is wrong with one is its failure.
    let readings: AsyncStream<Result<IngressSettings, SettingsError>>
    private let feed: AsyncStream<Result<IngressSettings, SettingsError>>.Continuation
    private let notifier: Notifier
    private let read: @Sendable () throws(SettingsError) -> IngressSettings

    /// - Parameter read: reads the configuration from its files, and may block.
    init(notifier: Notifier, read: @escaping @Sendable () throws(SettingsError) -> IngressSettings) {
        (self.readings, self.feed) = AsyncStream.makeStream()
        self.notifier = notifier
        self.read = read
    }

    /// Reads the configuration; for the main thread.
    func request() {
        self.notifier.reloading("reading the configuration anew")
        self.feed.yield(Result { () throws(SettingsError) in try self.read() })
    }
}
