/// Somebody waits for a page that may take its time.
struct PageRequest: Sendable {
    let answer: @Sendable () async -> AdminAnswer
    /// Takes the answer, from any thread; called once.
    let reply: @Sendable (AdminAnswer) -> Void

    /// Makes the page and answers with it.
    ///
    /// - Parameter limit: after which the making is cancelled; whoever waits is answered by somebody else then.
    func serve(within limit: Duration) async {
        await withTaskGroup { group in
            group.addTask {
                let answer = await self.answer()
                // What is made of a page that was broken off is none.
                self.reply(Task.isCancelled ? .pageTimeout : answer)
            }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
