import CCurl
import Daemon

/// What the curl thread does: takes calls from the inbox, lets libcurl carry them, and tells their outcomes.
final class CurlLoop {
    private let settings: CurlSettings
    private let inbox: CurlInbox
    private let multi: CurlMulti
    private let pulse: Pulse
    /// Calls beyond `maxInFlight`, in order.
    private var waiting: [PendingCall] = []
    private var active: [UnsafeMutableRawPointer: CurlTransfer] = [:]
    private var idle: [CurlTransfer] = []
    /// No deadline of a waiting or active call lies before this one; it may itself belong to a call that has ended.
    private var nextDeadline: ContinuousClock.Instant?

    /// - Parameter pulse: beats whenever the loop comes round.
    init(settings: CurlSettings, inbox: CurlInbox, poller: Poller, pulse: Pulse) {
        self.settings = settings
        self.inbox = inbox
        self.pulse = pulse
        self.multi = CurlMulti(
            connections: settings.maxInFlight, poller: poller, inbox: inbox)
    }

    /// Returns when the inbox says stop, with every call resumed.
    func run() {
        while true {
            self.pulse.beat()
            let mail = self.inbox.take()
            self.waiting += mail.calls
            for call in mail.calls { self.note(call.writeBy) }
            if mail.isStopping { break }
            if mail.hasCancellations { self.dropCancelled() }
            self.startWaiting()
            self.multi.turn(until: self.nextDeadline)
            while let (easy, code) = self.multi.nextEnded() {
                guard let transfer = self.active[easy] else { continue }
                if !self.restart(transfer) { self.end(transfer, transfer.outcome(code)) }
            }
            self.expire()
        }
        for call in self.waiting { self.refuse(call, .shutDown) }
        self.waiting = []
        for transfer in Array(self.active.values) { self.end(transfer, transfer.interrupt(.shutDown)) }
        // Before the multi handle goes, as libcurl wants it.
        self.idle = []
    }

    private func startWaiting() {
        guard !self.waiting.isEmpty, self.active.count < self.settings.maxInFlight else { return }
        var taken = 0
        while taken < self.waiting.count, self.active.count < self.settings.maxInFlight {
            self.start(self.waiting[taken])
            taken += 1
        }
        self.waiting.removeFirst(taken)
    }

    private func start(_ call: PendingCall) {
        let now = ContinuousClock.now
        guard !call.cancellation.isRequested else { return self.refuse(call, .cancelled) }
        guard now < call.writeBy else { return self.refuse(call, .notWrittenInTime) }
        guard let transfer = self.idle.popLast() ?? CurlTransfer(settings: self.settings, multi: self.multi)
        else {
            return self.refuse(call, "libcurl is out of memory")
        }
        if let reason = transfer.load(call, now: now) {
            transfer.unload()
            self.idle.append(transfer)
            return self.refuse(call, reason)
        }
        guard self.multi.add(transfer.easy) else { return self.refuse(call, "libcurl refused the transfer") }
        self.active[transfer.easy] = transfer
        // The deadline becomes later once the request is written; it is read again when this instant comes.
        self.note(transfer.deadline)
    }

    /// Gives a call another connection where nothing was written because the kept one was stale; each is closed then,
    /// so there is an end to them.
    private func restart(_ transfer: CurlTransfer) -> Bool {
        guard transfer.reload(now: .now) else { return false }
        self.multi.remove(transfer.easy)
        return self.multi.add(transfer.easy)
    }

    private func end(_ transfer: CurlTransfer, _ outcome: GraphOutcome) {
        self.multi.remove(transfer.easy)
        self.active[transfer.easy] = nil
        let call = transfer.call
        transfer.unload()
        self.idle.append(transfer)
        call?.continuation.resume(returning: outcome)
    }

    private func refuse(_ call: PendingCall, _ interruption: WritePermit.Interruption) {
        self.refuse(call, interruption.description)
    }

    private func refuse(_ call: PendingCall, _ reason: String) {
        call.continuation.resume(returning: .notWritten(reason: "\(self.settings.endpoint.host): \(reason)"))
    }

    private func note(_ deadline: ContinuousClock.Instant) {
        self.nextDeadline = self.nextDeadline.map { min($0, deadline) } ?? deadline
    }

    /// Ends what has run out of time, and finds the next deadline; looks at all calls, but only when one may be over.
    private func expire() {
        let now = ContinuousClock.now
        guard let due = self.nextDeadline, due <= now else { return }
        self.nextDeadline = nil
        self.waiting.removeAll { call in
            guard call.writeBy <= now else {
                self.note(call.writeBy)
                return false
            }
            self.refuse(call, .notWrittenInTime)
            return true
        }
        for transfer in Array(self.active.values) {
            if transfer.deadline <= now {
                self.end(transfer, transfer.expire())
            } else {
                self.note(transfer.deadline)
            }
        }
    }

    private func dropCancelled() {
        self.waiting.removeAll { call in
            guard call.cancellation.isRequested else { return false }
            self.refuse(call, .cancelled)
            return true
        }
        for transfer in Array(self.active.values) where transfer.call?.cancellation.isRequested == true {
            if !transfer.isWritten { self.end(transfer, transfer.interrupt(.cancelled)) }
        }
    }
}
