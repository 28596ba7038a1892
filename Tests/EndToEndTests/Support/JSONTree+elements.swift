import TestSupport

extension JSONTree {
    /// Empty for what is no array.
    var elements: [JSONTree] {
        if case .array(let elements) = self { elements } else { [] }
    }
}
