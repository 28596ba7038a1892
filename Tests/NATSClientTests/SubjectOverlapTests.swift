import Testing

@testable import NATSClient

@Suite struct SubjectOverlapTests {
    @Test(arguments: [
        ("a.b", "a.b"), ("a.*", "a.b"), ("a.*", "*.b"), ("a.>", "a.b.c"), (">", "a"), ("*.*.out.*", "whatsapp.a.out.>"),
        ("whatsapp.>", "whatsapp.*.out.*"),
    ])
    func `Two subjects overlap where some subject is matched by both`(left: String, right: String) {
        #expect(overlap(left, right) && overlap(right, left))
    }

    @Test(arguments: [
        ("a.b", "a.c"), ("a", "a.b"), ("a.*", "a.b.c"), ("a.>", "a"), ("*.queue.*", "a.out.*"), ("a.*", "b.>"),
    ])
    func `Others do not`(left: String, right: String) {
        #expect(!overlap(left, right) && !overlap(right, left))
    }
}
