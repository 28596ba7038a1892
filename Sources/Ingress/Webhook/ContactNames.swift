import Addressing
import JSONBytes

/// The names of a change's contacts, ready for `Wa-Contact-Name`.
///
/// Each contact is read once, so that many messages beside many contacts stay cheap.
struct ContactNames {
    /// By `user_id` and by `wa_id`; the value is nil for a contact without a name.
    private var byUserID: [String: String?] = [:]
    private var byPhone: [String: String?] = [:]

    /// - Parameter contacts: `value.contacts` of the change; of two contacts with one id the first counts.
    init(_ contacts: JSONValue?) {
        guard let contacts else { return }
        for contact in contacts.elements where contact.kind == .object {
            let members = contact.members(["profile", "user_id", "wa_id"])
            let name = members[0]?["name"]?.headerValue
            if let id = members[1]?.nonEmptyString, self.byUserID[id] == nil {
                self.byUserID.updateValue(name, forKey: id)
            }
            if let id = members[2]?.nonEmptyString, self.byPhone[id] == nil {
                self.byPhone.updateValue(name, forKey: id)
            }
        }
    }

    /// The name of the contact whose `user_id` is the sender's, else of the one whose `wa_id` is.
    ///
    /// - Parameters:
    ///   - userID: the message's `from_user_id`.
    ///   - phone: the message's `from`.
    func name(userID: JSONValue?, phone: JSONValue?) -> String? {
        if let id = userID?.nonEmptyString, let name = self.byUserID[id] { return name }
        return phone?.nonEmptyString.flatMap { self.byPhone[$0] } ?? nil
    }
}

extension JSONValue {
    /// A string's text; nil for an empty string and for what is no string.
    var nonEmptyString: String? {
        self.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A string as a header's value; nil for an empty string and for what is no string, which give no header.
    var headerValue: String? {
        self.nonEmptyString.map(HeaderText.encode)
    }
}
