import Foundation

/// Where a randomised test starts: read from the environment, or made at random, and printed so that a failure can be
/// repeated.
package struct Seed: Hashable, Sendable, CustomStringConvertible {
    package let value: UInt64

    package init(_ value: UInt64) {
        self.value = value
    }

    /// The seed for one test: the variable of the environment if it is a number, else a random one.
    ///
    /// - Parameters:
    ///   - test: what is printed beside the seed, on stderr: `TEST_SEED=42 repeats <test>`.
    ///   - variable: `TEST_SEED`, or `FUZZ_SEED` for tests whose length `FUZZ_INPUTS` sets.
    package static func forTest(_ test: String = #function, from variable: String = "TEST_SEED") -> Seed {
        let given = ProcessInfo.processInfo.environment[variable].flatMap(UInt64.init)
        let seed = Seed(given ?? UInt64.random(in: .min ... .max))
        FileHandle.standardError.write(Data("\(variable)=\(seed) repeats \(test)\n".utf8))
        return seed
    }

    /// A generator that yields the same numbers for the same seed.
    package var generator: SeededGenerator { SeededGenerator(seed: self.value) }

    /// The seed of a part of the test, for parts that run side by side: no two share a stretch of their numbers.
    package func part(_ index: Int) -> Seed {
        var generator = SeededGenerator(seed: self.value &+ UInt64(truncatingIfNeeded: index))
        return Seed(generator.next())
    }

    package var description: String { "\(self.value)" }
}

/// SplitMix64: a small generator of reproducible numbers; for tests, not for secrets.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        self.state = seed
    }

    package mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var word = self.state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
