import Glibc

/// Pages of code and of constants that a process has had mapped since its start.
///
/// A start runs through most of a program and its libraries once: loading, options, settings. The kernel keeps what
/// it has mapped, with all that lies near it, for as long as memory is plentiful.
enum StartPages {
    /// Gives them back, once a process; what is still needed is mapped again, page by page, from the page cache.
    static func release() {
        self.released
    }

    private static let released: Void = {
        guard let maps = fopen("/proc/self/maps", "re") else { return }
        defer { fclose(maps) }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, maps) > 0, let line {
            if let range = unwrittenRange(String(cString: line)) {
                madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED)
            }
        }
    }()

    /// The addresses of a line of `/proc/self/maps` that is about code of a file, or about the constants before its code;
    /// `nil` for all others. Nothing is ever written there, so nothing can be lost; the loader has written to constants
    /// elsewhere.
    static func unwrittenRange(_ line: String) -> Range<UInt>? {
        let fields = line.split(separator: " ", maxSplits: 5)
        guard fields.count == 6, fields[5].drop(while: { $0 == " " }).first == "/",
            fields[1] == "r-xp" || fields[1] == "r--p" && fields[2].allSatisfy({ $0 == "0" })
        else { return nil }
        let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard ends.count == 2, ends[0] < ends[1] else { return nil }
        return ends[0]..<ends[1]
    }
}
