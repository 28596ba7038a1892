import Glibc

/// Measures the parts of both hot paths by themselves: nanoseconds of processor time, and allocations.
///
/// A line of JSON a case; with arguments only the cases whose name begins with one of them.
@main
enum MicroMain {
    static func main() throws {
        let wanted = CommandLine.arguments.dropFirst()
        for measured in try InboundCases.all() + OutboundCases.all() + PacingCases.all() {
            guard wanted.isEmpty || wanted.contains(where: measured.name.hasPrefix) else { continue }
            print(try measured.measure().json)
            fflush(nil)
        }
    }
}
