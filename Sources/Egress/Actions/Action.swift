/// What a requester can ask for: the last token of `whatsapp.<name>.out.<action>` and `whatsapp.<name>.queue.<action>`.
enum Action: String, CaseIterable, Sendable {
    case sendMessage
    case sendImage
    case sendDocument
    case sendVideo
    case sendAudio
    case sendSticker
    case sendLocation
    case sendContact
    case sendTemplate
    case sendReaction
    case sendInteractive
    case markRead
    case typing
    case raw
    case uploadMedia
    case getMedia
    case downloadMedia
    case deleteMedia

    /// Reads the action token of a subject.
    ///
    /// - Throws: a client error that names the actions there are.
    init(named name: String) throws(ClientError) {
        guard let action = Action(rawValue: name) else {
            // The list comes first: an error header is cut at 512 bytes, and a token may be long.
            let actions = Action.allCases.map(\.rawValue).joined(separator: ", ")
            throw ClientError(
                "no such action; the actions are \(actions); got \(String(name.unicodeScalars.prefix(64)))")
        }
        self = action
    }
}
