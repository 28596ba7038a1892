extension Duration {
    /// For a line of figures: `1.234 s`.
    package var rounded: String {
        let milliseconds = Int(self / .milliseconds(1))
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction) s"
    }
}
