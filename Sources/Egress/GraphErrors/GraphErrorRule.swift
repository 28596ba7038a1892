/// What is known of one Graph API error code, or of a run of codes that mean the same for a retry.
struct GraphErrorRule: Hashable, Sendable {
    /// Whether the gateway tries again by itself.
    enum Retry: Hashable, Sendable {
        /// Until it works, or the job's attempts or time are over.
        case yes
        /// As often as `delays` has waits.
        case few
        /// `few` where the error's details speak of the link that Meta could not fetch, else `no`.
        case fewForLink
        case no
        /// Not by itself: a person or a webhook has to change something first.
        case later
    }

    /// How far the error reaches.
    enum Scope: Hashable, Sendable {
        case message
        /// One number's messages to one recipient.
        case pair
        case recipient
        /// A group, or the group operations of a number.
        case group
        case endpoint
        /// All sends of one phone number ID.
        case number
        /// All numbers of one WhatsApp business account.
        case waba
        /// All numbers of one Meta app.
        case app
        /// Every request with this access token.
        case accountToken
    }

    let codes: ClosedRange<Int>
    let retry: Retry
    let scope: Scope
    /// Empty for what is not retried.
    let delays: RetryDelays

    /// A code that is retried until it works.
    static func yes(_ code: Int, _ scope: Scope, _ delays: RetryDelays) -> GraphErrorRule {
        GraphErrorRule(codes: code...code, retry: .yes, scope: scope, delays: delays)
    }

    /// A code that is retried once after each of the waits, given in seconds.
    static func few(_ code: Int, _ scope: Scope = .message, _ seconds: [Int] = [2, 8]) -> GraphErrorRule {
        GraphErrorRule(
            codes: code...code, retry: .few, scope: scope, delays: .list(seconds.map { .seconds($0) }))
    }

    /// A code whose retry depends on whether its details speak of a link.
    static func fewForLink(_ code: Int, _ scope: Scope = .message, _ seconds: [Int] = [2, 8]) -> GraphErrorRule {
        GraphErrorRule(
            codes: code...code, retry: .fewForLink, scope: scope, delays: .list(seconds.map { .seconds($0) }))
    }

    /// A code that another try cannot help.
    static func no(_ code: Int, _ scope: Scope = .message) -> GraphErrorRule {
        .no(code...code, scope)
    }

    /// A run of codes that another try cannot help.
    static func no(_ codes: ClosedRange<Int>, _ scope: Scope = .message) -> GraphErrorRule {
        GraphErrorRule(codes: codes, retry: .no, scope: scope, delays: .list([]))
    }

    /// A code that another try can help only when someone has changed something.
    static func later(_ code: Int, _ scope: Scope = .message) -> GraphErrorRule {
        GraphErrorRule(codes: code...code, retry: .later, scope: scope, delays: .list([]))
    }
}
