/// The codes of templates and flows, and of what only `raw` reaches: calls, groups, blocking, usernames, migration.
extension GraphErrorTable {
    static let templates: [GraphErrorRule] = [
        .no(132000),
        .no(132001),
        .no(132005),
        .no(132007),
        .no(132008),
        .no(132012),
        .later(132015),
        .no(132016),
        .no(132018),
        .no(132068),
        .later(132069),
        .no(134100),
        .yes(134101, .message, .fixed(.seconds(600))),
        .no(134102),
        .no(134103),
        .no(2_388_019),
        .no(2_388_040),
        .no(2_388_047),
        .no(2_388_072...2_388_073),
        .no(2_388_293),
        .no(2_388_299),
        .no(200_005...200_007),
    ]

    static let calls: [GraphErrorRule] = [
        .no(138000...138001),
        .later(138002),
        .later(138003),
        .few(138004),
        .yes(138005, .message, .doubling(from: .seconds(60), to: .seconds(3600))),
        .no(138006...138007),
        .later(138009),
        .later(138012),
        .no(138013...138015),
        .no(138017...138018),
        // Failures of a call that is already set up; they come in webhooks.
        .no(138019...138023),
    ]

    static let groups: [GraphErrorRule] = [
        // Succeeded in part: the body says what did, and a repeat would do that twice.
        .no(131201),
        .no(131202),
        .no(131204),
        .no(131207),
        .no(131209...131215),
    ]

    static let others: [GraphErrorRule] = [
        .no(139000...139004),
        // As 131201.
        .no(139100),
        .no(139101...139102),
        .few(139103),
        .no(147001...147005),
        .no(1_752_041),
        .no(2_388_001),
        .no(2_388_012),
        .no(2_388_091),
        .no(2_388_093),
        .no(2_388_103),
        .later(2_494_100),
        .no(2_494_164...2_494_179),
        .no(2_593_107...2_593_109),
    ]
}
