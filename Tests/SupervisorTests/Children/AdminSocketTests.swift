import Settings
import Testing

@testable import Supervisor

@Suite struct AdminSocketTests {
    @Test func `A socket is named after its worker, as often as it is asked for`() {
        let socket = AdminSocket(of: "egress-sales#2", in: "/run/whatsapp/whatsapp-AbCdEf")
        #expect("\(socket.address)" == "unix:/run/whatsapp/whatsapp-AbCdEf/egress-sales#2.sock")
        #expect(socket == AdminSocket(of: "egress-sales#2", in: "/run/whatsapp/whatsapp-AbCdEf"))
    }

    /// Up to the length of directory with which there is no room for the notify socket either.
    @Test(arguments: [1, 20, 60, 90])
    func `However long the names are, a setting takes the path`(length: Int) throws {
        let directory = "/" + String(repeating: "d", count: length - 1)
        let name = "egress-" + String(repeating: "n", count: 64)
        let paths = [name, name + "#2", name + "#3", "ingress"].map { AdminSocket(of: $0, in: directory) }
        #expect(Set(paths).count == paths.count)
        for socket in paths {
            #expect(socket.path.hasPrefix(directory + "/"))
            var reader = SettingsReader(SettingsSource(variables: ["EGRESS_ADMIN": "\(socket.address)"]))
            #expect(reader.value(Variables.egressAdmin) == socket.address)
            try reader.finish()
        }
    }
}
