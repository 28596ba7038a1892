/// What a worker does, by its name.
enum Role: String {
    /// Is ready at once, and drains at once.
    case ready, steady, ingress
    /// Waits for NATS for ever.
    case late
    /// Is ready once someone opens the named pipe `gate` beside its executable.
    case gated
    /// Ends with 70 at once.
    case crashing
    /// Throws an error.
    case throwing
    /// Ends for a reason of its own.
    case unavailable
    /// Ends with 78 at once.
    case refused, refusing
    /// Ends with 78 when it is to prove a token.
    case unproven
    /// Is ready, and never ends its drain.
    case hung
    /// Is ready, and ends its drain once someone opens the named pipe `finish` beside its executable.
    case finishing
    /// Says that it is ready, and ends with 70 at once.
    case farewell
    /// Is ready, and leaves a process behind that is nobody's child and ends soon.
    case orphaning
    /// Is ready, and shows no sign of life.
    case stuck
    /// The same, and takes no notice of SIGABRT.
    case unabortable

    /// What goes before the name of the role where the access token tells it.
    private static let mark = "role-"

    /// - Parameters:
    ///   - account: tells the role, unless
    ///   - token: tells another one, such as `role-late`: so a worker can change its ways in a reload.
    init(account: String, token: String?) {
        let told = token.flatMap {
            $0.hasPrefix(Self.mark) ? Role(rawValue: String($0.dropFirst(Self.mark.count))) : nil
        }
        self = told ?? Role(rawValue: account) ?? .ready
    }

    /// Whether it shows signs of life.
    var showsLife: Bool { self != .stuck && self != .unabortable }
}
