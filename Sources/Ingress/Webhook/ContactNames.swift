import Addressing
import JSONBytes

/// The names of a change's contacts, ready for `Wa-Contact-Name`.
///
/// Each contact is read once, so that many messages beside many contacts stay cheap.
struct ContactNames {
    private struct Contact {
        let userID: String?
        let phone: String?
        /// Nil for a contact without a name.
        let name: String?
    }

    /// So many are looked through one by one; Meta sends one, as a rule.
    private static let few = 8

    private var contacts: [Contact] = []
    /// Places in `contacts`, where there are more than a few.
    private var byUserID: [String: Int] = [:]
    private var byPhone: [String: Int] = [:]

    /// - Parameter contacts: `value.contacts` of the change; of two contacts with one id the first counts.
    init(_ contacts: JSONValue?) {
        guard let contacts else { return }
        for contact in contacts.elements where contact.kind == .object {
            let members = contact.members(["profile", "user_id", "wa_id"])
            self.contacts.append(
                Contact(
                    userID: members[1]?.nonEmptyString, phone: members[2]?.nonEmptyString,
                    name: members[0]?["name"]?.headerValue))
        }
        guard self.contacts.count > Self.few else { return }
        for (index, contact) in self.contacts.enumerated().reversed() {
            if let id = contact.userID { self.byUserID[id] = index }
            if let phone = contact.phone { self.byPhone[phone] = index }
        }
    }

    /// The name of the contact whose `user_id` is the sender's, else of the one whose `wa_id` is.
    ///
    /// - Parameters:
    ///   - userID: the message's `from_user_id`; nil for one that is empty, or no string.
    ///   - phone: the message's `from`; nil likewise.
    func name(userID: String?, phone: String?) -> String? {
        if let userID, let contact = self.contact(at: self.byUserID[userID], or: { $0.userID == userID }) {
            return contact.name
        }
        guard let phone else { return nil }
        return self.contact(at: self.byPhone[phone], or: { $0.phone == phone })?.name
    }

    private func contact(at place: Int?, or isMeant: (Contact) -> Bool) -> Contact? {
        guard self.contacts.count > Self.few else { return self.contacts.first(where: isMeant) }
        return place.map { self.contacts[$0] }
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
