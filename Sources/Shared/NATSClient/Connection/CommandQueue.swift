import CNATS
import Daemon
import Glibc
import Synchronization

/// What any thread asks of the link's thread, which sleeps on a descriptor of it, and of the socket beside it.
final class CommandQueue: Sendable {
    private struct State {
        var waiting: [Link.Command] = []
        /// Whether the thread sleeps, or is about to: whoever posts next rings.
        var isAwaited = false
    }

    /// Becomes readable when the thread is to come round.
    let bell: Int32
    private let state = Mutex(State())

    init() {
        self.bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(self.bell >= 0, "no eventfd to be had: \(errnoText())")
    }

    deinit {
        close(self.bell)
    }

    func post(_ command: Link.Command) {
        self.leave { $0.append(command) }
    }

    /// Posts commands in one piece: they are worked off one after another.
    ///
    /// - Parameter quietly: whether nobody rings for them: they wait until the thread comes round, or for `ring()`.
    func post(contentsOf commands: some Collection<Link.Command>, quietly: Bool = false) {
        self.leave(quietly: quietly) { $0.append(contentsOf: commands) }
    }

    /// Has the thread come round, though there is nothing to do.
    func ring() {
        self.leave { _ in }
    }

    /// Takes all that is there, in the order of posting, into an array that has been worked off, whose room it reuses.
    func take(into taken: inout [Link.Command]) {
        taken.removeAll(keepingCapacity: taken.capacity <= Self.keptCapacity)
        self.state.withLock { swap(&$0.waiting, &taken) }
    }

    /// Whether the thread may sleep, since nothing is there; from now on the first that is posted rings.
    func mayRest() -> Bool {
        self.state.withLock { state in
            state.isAwaited = state.waiting.isEmpty
            return state.isAwaited
        }
    }

    /// The thread is awake: nobody needs to ring.
    func awake(hasRung: Bool) {
        self.state.withLock { $0.isAwaited = false }
        if hasRung {
            var count: eventfd_t = 0
            eventfd_read(self.bell, &count)
        }
    }

    private func leave(quietly: Bool = false, _ change: (inout [Link.Command]) -> Void) {
        let mustRing = self.state.withLock { state in
            change(&state.waiting)
            if quietly { return false }
            defer { state.isAwaited = false }
            return state.isAwaited
        }
        // Outside the lock, where nobody waits for the system call.
        if mustRing { eventfd_write(self.bell, 1) }
    }

    /// A flood leaves no large array behind.
    private static let keptCapacity = 4096
}
