import Addressing
import NATSClient
import NATSTestSupport
import Settings
import TestSupport
import Testing

@testable import Egress

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct NoteBookTests {
    private static func withBooks(_ body: (NoteBook, NoteBook) async throws -> Void) async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                var reader = SettingsReader(SettingsSource(variables: [:]))
                try await NoteBook.makeBucket(on: connection, StreamSettings(from: &reader))
                let account = AccountName("acme")!
                try await body(
                    NoteBook(of: account, connection: connection), NoteBook(of: account, connection: connection))
            }
        }
    }

    private static func note(_ job: UInt64, inFlight: Bool = true) -> InFlightNote {
        InFlightNote(
            job: job, stored: StreamTime(seconds: 1), attempts: 0, isInFlight: inFlight, callback: nil)
    }

    @Test func `The next holder finds what this one has noted, and when`() async throws {
        try await Self.withBooks { book, successor in
            var slots = [book.take(), book.take()]
            try await book.write(Self.note(7), in: &slots[0])
            try await book.write(Self.note(8), in: &slots[1])
            try await book.write(Self.note(8, inFlight: false), in: &slots[1])
            var found = try await successor.open()
            let (trace, _) = found.arrived(7, stored: StreamTime(seconds: 1))
            let seventh = try #require(trace)
            #expect(seventh.isInFlight && seventh.slots == [slots[0]])
            #expect(await book.noted(in: slots[0]) == seventh.noted)
            let (next, _) = found.arrived(8, stored: StreamTime(seconds: 1))
            let eighth = try #require(next)
            #expect(!eighth.isInFlight)
            #expect(!(await successor.saysInFlight(8, in: eighth.slots)))
            #expect(await successor.saysInFlight(7, in: seventh.slots))
            #expect(successor.take().number == 2, "what is in use is not given out")
        }
    }

    @Test func `A deposed holder's late note does not overwrite its successor's`() async throws {
        try await Self.withBooks { book, successor in
            var slot = book.take()
            try await book.write(Self.note(7), in: &slot)
            _ = try await successor.open()
            var same = slot
            try await successor.write(Self.note(9), in: &same)
            let late = await #expect(throws: NATSError.self) { try await book.write(Self.note(8), in: &slot) }
            #expect(late?.code == .refused)
            #expect(slot.number != same.number, "it has to take another")
            #expect(await successor.saysInFlight(9, in: [same]))
        }
    }

    @Test func `A slot whose write got no answer is looked up before it is written again`() async throws {
        try await Self.withBooks { book, _ in
            var slot = book.take()
            try await book.write(Self.note(7), in: &slot)
            slot.revision = nil
            try await book.write(Self.note(8), in: &slot)
            #expect(await book.saysInFlight(8, in: [slot]))
        }
    }
}
