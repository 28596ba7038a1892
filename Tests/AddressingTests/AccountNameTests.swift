import Testing

@testable import Addressing

@Suite struct AccountNameTests {
    @Test(arguments: ["a", "my_account", "a-1", "0", String(repeating: "x", count: 64)])
    func `A name of lower-case letters, digits, underscores and hyphens is taken`(name: String) {
        #expect(AccountName(name)?.value == name)
        #expect(AccountName(name).map { "\($0)" } == name)
    }

    @Test(arguments: ["", "A", "a.b", "a b", "ä", "*", ">", "event", "per_second", String(repeating: "x", count: 65)])
    func `Any other name, and the reserved ones, are refused`(name: String) {
        #expect(AccountName(name) == nil)
    }

    @Test func `Names sort by their bytes`() {
        let names = ["b", "a_", "a-", "a", "0"].compactMap(AccountName.init)
        #expect(names.sorted().map(\.value) == ["0", "a", "a-", "a_", "b"])
    }
}

@Suite struct PhoneNumberIDTests {
    @Test(arguments: ["1", "106540352242922", String(repeating: "9", count: 32)])
    func `Digits are a phone number ID`(text: String) {
        #expect(PhoneNumberID(text)?.value == text)
    }

    @Test(arguments: ["", "-1", "+1", "1 ", "12a", "١٢", String(repeating: "9", count: 33)])
    func `Anything else is none`(text: String) {
        #expect(PhoneNumberID(text) == nil)
    }
}
