import TestSupport
import Testing

@testable import Prometheus

@Suite struct ScrapedExpositionTests {
    private static func read(_ text: String) throws(ExpositionError) -> ScrapedExposition {
        try ScrapedExposition(reading: Array(text.utf8), adding: ("worker", "egress-a"))
    }

    /// The text as it is joined: of one process alone, so only the label is added.
    private static func joined(_ text: String) throws -> String {
        var join = ExpositionJoin()
        join.add(try Self.read(text))
        return String(decoding: join.text, as: UTF8.self)
    }

    @Test func `Every sample gets the label, and nothing else is changed`() throws {
        let text = """
            # HELP a_total What \\n it \\\\ counts
            # TYPE a_total counter
            a_total 1
            a_total{account="sales",action="send\\"\\\\\\nx"} 2.5e+07
            # TYPE b histogram
            b_bucket{le="0.1"} 1
            b_bucket{le="+Inf"} 2
            b_sum 0.25
            b_count 2

            """
        let expected = """
            # HELP a_total What \\n it \\\\ counts
            # TYPE a_total counter
            a_total{worker="egress-a"} 1
            a_total{worker="egress-a",account="sales",action="send\\"\\\\\\nx"} 2.5e+07
            # TYPE b histogram
            b_bucket{worker="egress-a",le="0.1"} 1
            b_bucket{worker="egress-a",le="+Inf"} 2
            b_sum{worker="egress-a"} 0.25
            b_count{worker="egress-a"} 2

            """
        #expect(try Self.joined(text) == expected)
    }

    @Test func `Blanks, comments, a comma behind the last label and a family without TYPE are borne`() throws {
        let text = "\n  # just a remark\n#\nx { a = \"1\" , b=\"2\", }\t 3 \n\ny 1\n"
        let expected = """
            # TYPE x untyped
            x{worker="egress-a",a="1",b="2"} 3
            # TYPE y untyped
            y{worker="egress-a"} 1

            """
        #expect(try Self.joined(text) == expected)
    }

    @Test(arguments: ["0", "-1", "+1", "1.5", ".5", "5.", "1e9", "1E-9", "NaN", "+Inf", "-Inf", "Inf"])
    func `A number as the format knows it is taken as it stands`(number: String) throws {
        #expect(try Self.joined("x \(number)\n") == "# TYPE x untyped\nx{worker=\"egress-a\"} \(number)\n")
    }

    @Test(arguments: [
        "x 1", "x\n", "x one\n", "x 1 1700000000000\n", "x 1 2 3\n", "x 0x1\n", "x 1_0\n", "x nan\n", "x .\n", "x 1e\n",
        "x --1\n", "9x 1\n", "x-y 1\n", "{a=\"1\"} 1\n", "x{a=\"1\" 1\n", "x{a=\"1\"b=\"2\"} 1\n", "x{a=1} 1\n",
        "x{a} 1\n", "x{=\"1\"} 1\n", "x{a=\"\\t\"} 1\n", "x{a=\"1} 1\n", "x{a=\"\\\"} 1\n", "x{,} 1\n",
        "x{a=\"1\",a=\"2\"} 1\n", "x{worker=\"egress-b\"} 1\n", "x 1\nx 2\n", "x{a=\"1\"} 1\nx{a=\"1\"} 1\n",
        "# TYPE x counter\n# TYPE x gauge\n", "x 1\n# TYPE x gauge\n", "# TYPE x thing\n", "# TYPE\tx\n",
        "# TYPE 9 counter\n", "# HELP x a\n# HELP x b\n", "# HELP x \\q\n", "# HELP x a\\\n", "# HELP x-y a\n",
        "# TYPE h histogram\nh 1\n", "# TYPE h histogram\nh_bucket 1\n", "# TYPE h histogram\nh_sum{le=\"1\"} 1\n",
        "# TYPE h histogram\nh_bucket{le=\"much\"} 1\n", "h_sum 1\n# TYPE h histogram\n", "x 1\r\n", "x\u{0}y 1\n",
    ])
    func `A text with anything wrong in it is refused whole`(text: String) {
        #expect(throws: ExpositionError.self) { try Self.read("fine 1\n" + text) }
    }

    @Test func `What is no UTF-8 is refused`() {
        #expect(throws: ExpositionError.self) {
            try ScrapedExposition(reading: Array("x{a=\"".utf8) + [0xFF] + Array("\"} 1\n".utf8), adding: nil)
        }
    }

    @Test func `The error names the line and quotes nothing of it`() {
        let error = #expect(throws: ExpositionError.self) { try Self.read("a 1\nb 2\nvery-secret 3\n") }
        #expect(error?.line == 3)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func `The total of a gauge is the sum of its samples`() throws {
        let exposition = try Self.read("x{account=\"a\"} 2\nx{account=\"b\"} 3.5\ny 1\n")
        #expect(exposition.total(of: "x") == 5.5)
        #expect(exposition.total(of: "z") == nil)
    }

    @Test func `Bytes thrown at random are read or refused, and what is read can be read again`() throws {
        let seed = Seed.forTest()
        var generator = SeededGenerator(seed: seed.value)
        let parts = [
            "# TYPE ", "# HELP ", "x", "y_bucket", " counter", " histogram", "{", "}", "=", "\"", "\\", ",", " ", "\n",
            "le", "1", "+Inf", "NaN", "worker", "é", "\u{202E}", "#",
        ].map { Array($0.utf8) }
        var (read, refused) = (0, 0)
        for _ in 0..<5000 {
            var text: [UInt8] = Array("a{b=\"c\"} 1\n".utf8)
            for _ in 0..<Int.random(in: 0...12, using: &generator) { text += parts.randomElement(using: &generator)! }
            if Bool.random(using: &generator) { text.append(10) }
            if Int.random(in: 0..<8, using: &generator) == 0 { text.append(.random(in: 0...255, using: &generator)) }
            guard let exposition = try? ScrapedExposition(reading: text, adding: ("worker", "w")) else {
                refused += 1
                continue
            }
            read += 1
            var join = ExpositionJoin()
            join.add(exposition)
            let again = try ScrapedExposition(reading: join.text, adding: nil)
            #expect(again.families.map(\.samples) == exposition.families.map(\.samples))
        }
        #expect(read > 100 && refused > 100)
    }
}
