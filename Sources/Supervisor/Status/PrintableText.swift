/// Text of unknown origin, for a terminal.
enum PrintableText {
    /// The text with a blank in place of what moves the cursor, changes colours or turns the direction of writing.
    static func of(_ text: String) -> String {
        var printable = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                printable.append(" ")
            default: printable.append(scalar)
            }
        }
        return String(printable)
    }
}
