import Addressing

@testable import Egress

/// Makes a call of a payload written as text.
func call(_ action: String, _ payload: String, from id: PhoneNumberID = .mine) throws -> OutboundCall {
    try OutboundCall(action: action, payload: Array(payload.utf8), from: id)
}

/// The Graph body that a payload becomes, as text.
func body(_ action: String, _ payload: String) throws -> String {
    String(decoding: try call(action, payload).call.body ?? [], as: UTF8.self)
}
