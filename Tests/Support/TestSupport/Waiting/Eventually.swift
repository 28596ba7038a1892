/// Asks every 2 ms until a condition holds; for facts that nothing announces.
///
/// - Throws: `Overdue` when it does not hold within the limit; whatever the condition throws.
package func eventually(
    _ what: String, within limit: Duration = .seconds(10), _ condition: () async throws -> Bool
) async throws {
    _ = try await eventuallySome(what, within: limit) { try await condition() ? true : nil }
}

/// Asks every 2 ms until there is a value, and returns it.
///
/// - Throws: `Overdue` when there is none within the limit; whatever the closure throws.
package func eventuallySome<Value>(
    _ what: String, within limit: Duration = .seconds(10), _ value: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
        if let value = try await value() { return value }
        guard ContinuousClock.now < deadline else { throw Overdue(what, limit: limit) }
        try await Task.sleep(for: .milliseconds(2))
    }
}
