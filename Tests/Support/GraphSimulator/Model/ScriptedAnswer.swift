/// An answer that the next call gets, whatever it asks.
package struct ScriptedAnswer: Hashable, Sendable {
    /// What is answered; nil: what the simulator itself would say.
    package var answer: GraphAnswer?
    /// What becomes of the answer, in place of the faults' own disturbance.
    package var disturbance: SimulatorFaults.Disturbance
    /// How long it takes, in place of the faults' own latency.
    package var delay: Duration
    /// Only for calls to this phone number ID.
    package var phoneNumberID: String?

    package init(
        _ answer: GraphAnswer? = nil, disturbance: SimulatorFaults.Disturbance = .none, delay: Duration = .zero,
        phoneNumberID: String? = nil
    ) {
        self.answer = answer
        self.disturbance = disturbance
        self.delay = delay
        self.phoneNumberID = phoneNumberID
    }

    /// A status and a body, said to be JSON unless the headers say something else.
    package init(status: Int, headers: [String: String] = [:], body: [UInt8]) {
        var answer = GraphAnswer(status: status, body: body)
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
            answer.headers.removeAll { $0.name.lowercased() == name.lowercased() }
            answer.headers.append(GraphAnswer.Header(name, value))
        }
        self.init(answer)
    }
}
