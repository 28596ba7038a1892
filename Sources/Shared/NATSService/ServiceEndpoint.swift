/// Something that a service does for others, as service discovery shows it.
package struct ServiceEndpoint: Sendable {
    /// `[A-Za-z0-9_-]`, unique within the service.
    package let name: String
    /// The subject it takes requests from; of one that only publishes, that which it publishes to.
    package let subject: String
    /// Shown as an empty text where there is none.
    package let queueGroup: String?
    /// Never names phone numbers or tokens.
    package let metadata: [String: String]
    package let tally: EndpointTally

    package init(
        name: String, subject: String, queueGroup: String?, metadata: [String: String] = [:],
        tally: EndpointTally = EndpointTally()
    ) {
        self.name = name
        self.subject = subject
        self.queueGroup = queueGroup
        self.metadata = metadata
        self.tally = tally
    }
}
