import Testing

@testable import Settings

@Suite struct EnvFileTests {
    private static func parse(_ text: String) -> [[String]] {
        let content = EnvFile.parse(Array(text.utf8), path: "x.env")
        return content.variables.map { [$0.name, $0.value] } + content.problems.map { ["!", $0.description] }
    }

    @Test(arguments: [
        ("A=b", ["A", "b"]),
        ("A=", ["A", ""]),
        ("export A=b", ["A", "b"]),
        ("export=b", ["export", "b"]),
        ("WA_my-shop=1", ["WA_my-shop", "1"]),
        ("_a9=b", ["_a9", "b"]),
        ("A=\"b c\"", ["A", "b c"]),
        ("A='b c'", ["A", "b c"]),
        ("A=\"\"", ["A", ""]),
        ("A='it's'", ["A", "it's"]),
        ("A=\"", ["A", "\""]),
        ("A='b\"", ["A", "'b\""]),
        ("A='b' ", ["A", "'b' "]),
        ("A=\"'b'\"", ["A", "'b'"]),
        ("A= b # c ", ["A", " b # c "]),
        ("A=$B\\n${C}`d`", ["A", "$B\\n${C}`d`"]),
        ("A=b\\", ["A", "b\\"]),
        ("A=b=c==", ["A", "b=c=="]),
        ("A=é", ["A", "é"]),
        ("A=b\r", ["A", "b"]),
    ])
    func `A value is what stands behind the equals sign, less quotes around it`(line: String, variable: [String]) {
        #expect(Self.parse(line) == [variable])
        #expect(Self.parse("\(line)\n") == [variable])
    }

    @Test(arguments: ["", "\n", "   ", "\t \t\r\n", "#", "# A=b", "#A=b", "\n\n# x\n\n"])
    func `Blank lines and lines starting with a hash sign are skipped`(text: String) {
        #expect(Self.parse(text).isEmpty)
    }

    @Test(arguments: [
        "A", "=b", " A=b", "A =b", "export A", "export  A=b", "export\tA=b", " # x", "1A=b", "-A=b", "A.B=c", "É=b",
        "\u{FEFF}A=b", "A=b\u{0}", "export export A=b",
    ])
    func `A malformed line is named by its number, and quoted nowhere`(line: String) {
        let problem = "x.env:3: expected NAME=VALUE, a blank line, or a line starting with #"
        #expect(Self.parse("# first\nA=1\n\(line)\nB=2") == [["A", "1"], ["B", "2"], ["!", problem]])
    }

    @Test func `A line that is not UTF-8 is malformed`() {
        let content = EnvFile.parse(Array("A=".utf8) + [0xFF], path: "x.env")
        #expect(content.variables.isEmpty)
        #expect(content.problems.map(\.variable) == ["x.env:1"])
    }

    @Test func `A name that stands twice comes twice, in order`() {
        #expect(Self.parse("A=1\nA=2") == [["A", "1"], ["A", "2"]])
    }

    @Test func `A binary file gives a bounded number of problems`() {
        let content = EnvFile.parse(Array(repeating: [0x00, 0x0A], count: 100_000).flatMap(\.self), path: "x.env")
        #expect(content.problems.count == 21)
        #expect(content.problems.last?.description == "x.env: has 99980 more malformed lines")
    }
}
