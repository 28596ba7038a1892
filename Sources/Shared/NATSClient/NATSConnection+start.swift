extension NATSConnection {
    /// Waits for the first connection, for a limited time; less where the task is cancelled.
    ///
    /// - Returns: whether it is there.
    package func connected(within limit: Duration) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    try await self.connected()
                    return true
                } catch {
                    return false
                }
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}
