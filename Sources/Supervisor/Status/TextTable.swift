/// Rows of cells as lines in which every column begins at the same place.
struct TextTable {
    /// A terminal's colours, by their numbers.
    enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
    }

    private let rows: [[String]]
    private let rightAligned: Set<Int>
    private let colour: (_ row: Int, _ column: Int) -> Colour?

    /// - Parameters:
    ///   - rows: all with as many cells as the first one.
    ///   - rightAligned: columns of numbers, counted from 0.
    ///   - colour: of a cell; nil for the terminal's own.
    init(
        _ rows: [[String]], rightAligned: Set<Int> = [],
        colour: @escaping (_ row: Int, _ column: Int) -> Colour? = { _, _ in nil }
    ) {
        self.rows = rows
        self.rightAligned = rightAligned
        self.colour = colour
    }

    /// Two blanks between columns, none at the end of a line.
    var lines: [String] {
        let columns = self.rows.first?.indices ?? 0..<0
        let widths = columns.map { column in self.rows.map { $0[column].count }.max() ?? 0 }
        return self.rows.enumerated().map { row, cells in
            cells.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                let text = self.colour(row, column).map { "\u{1B}[\($0.rawValue)m\(cell)\u{1B}[0m" } ?? cell
                if self.rightAligned.contains(column) { return padding + text }
                return column == columns.last ? text : text + padding
            }.joined(separator: "  ")
        }
    }
}
