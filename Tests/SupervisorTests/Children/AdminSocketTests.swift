import Settings
import Testing

@testable import Supervisor

@Suite struct AdminSocketTests {
    private static func socket(_ name: String, _ number: Int, in directory: String) -> AdminSocket {
        AdminSocket(of: name, WorkerID(number: number), in: directory)
    }

    @Test func `A socket is named after its worker, as often as it is asked for`() {
        let socket = Self.socket("egress-sales#2", 7, in: "/run/whatsapp/whatsapp-AbCdEf")
        #expect("\(socket.address)" == "unix:/run/whatsapp/whatsapp-AbCdEf/egress-sales#2.7.sock")
        #expect(socket == Self.socket("egress-sales#2", 7, in: "/run/whatsapp/whatsapp-AbCdEf"))
    }

    @Test(arguments: ["/run", "/run/" + String(repeating: "x", count: 80)])
    func `One that takes another's place under the same name has a socket of its own`(directory: String) {
        let name = "egress-" + String(repeating: "n", count: 64)
        #expect(Self.socket(name, 1, in: directory) != Self.socket(name, 2, in: directory))
    }

    /// Up to the length of directory with which there is no room for the notify socket either.
    @Test(arguments: [1, 20, 60, 90])
    func `However long the names are, a setting takes the path`(length: Int) throws {
        let directory = "/" + String(repeating: "d", count: length - 1)
        let name = "egress-" + String(repeating: "n", count: 64)
        let paths = [name, name + "#2", name + "#3", "ingress"].enumerated().map { index, name in
            Self.socket(name, index + 1, in: directory)
        }
        #expect(Set(paths).count == paths.count)
        for socket in paths {
            #expect(socket.path.hasPrefix(directory + "/"))
            var reader = SettingsReader(SettingsSource(variables: ["EGRESS_ADMIN": "\(socket.address)"]))
            #expect(reader.value(Variables.egressAdmin) == socket.address)
            try reader.finish()
        }
    }
}
