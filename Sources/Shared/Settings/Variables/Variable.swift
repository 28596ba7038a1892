/// One variable of the configuration: its name, its form, and what it means when it is not set.
package struct Variable<Value: Sendable>: Sendable {
    package let name: String
    package let form: ValueForm<Value>
    /// The default as it stands in `sample.env`; empty where there is none.
    package let defaultText: String
    /// The value when the variable is not set or empty.
    package let fallback: Value
    /// What the variable is for, in a few words.
    package let meaning: String

    /// A variable with a default.
    init(_ name: String, _ form: ValueForm<Value>, default text: String, _ meaning: String) {
        guard let fallback = form.parse(text) else { preconditionFailure("the default of \(name) is malformed") }
        self.name = name
        self.form = form
        self.defaultText = text
        self.fallback = fallback
        self.meaning = meaning
    }

    /// A variable that may be absent.
    init<Wrapped>(_ name: String, _ form: ValueForm<Wrapped>, _ meaning: String) where Value == Wrapped? {
        self.name = name
        self.form = form.optional
        self.defaultText = ""
        self.fallback = nil
        self.meaning = meaning
    }
}
