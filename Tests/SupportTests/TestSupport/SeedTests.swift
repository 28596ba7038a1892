import TestSupport
import Testing

@Suite struct SeedTests {
    @Test func `A seed repeats its numbers, as SplitMix64 has them`() {
        var generator = Seed(1_234_567).generator
        // The first outputs of Steele, Lea and Flood's generator for this seed.
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
    }

    @Test func `Parts of a test share no numbers`() {
        let seed = Seed.forTest()
        let numbers = (0..<8).flatMap { part in
            var generator = seed.part(part).generator
            return (0..<1000).map { _ in generator.next() }
        }
        #expect(Set(numbers).count == numbers.count)
    }
}
