import NATSClient

/// Asks one question of NATS for each item, some at once; gives the answers in any order.
///
/// - Parameter width: how many questions are under way at once.
/// - Throws: the first failure of a batch; its other questions are answered first, and no further batch is asked.
func askEach<Item: Sendable, Answer: Sendable>(
    _ items: [Item], atOnce width: Int, _ ask: @escaping @Sendable (Item) async throws(NATSError) -> Answer
) async throws(NATSError) -> [Answer] {
    var answers: [Answer] = []
    for start in stride(from: 0, to: items.count, by: width) {
        let results = await withTaskGroup(of: Result<Answer, NATSError>.self) { group in
            for item in items[start..<min(start + width, items.count)] {
                group.addTask {
                    do throws(NATSError) {
                        return .success(try await ask(item))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for result in results { answers.append(try result.get()) }
    }
    return answers
}
