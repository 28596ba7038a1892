/// What is known of the Graph API's error codes, whichever HTTP status they come with.
enum GraphErrorTable {
    /// Every code known, each once.
    static let rules =
        authorisation + throttling + accountState + content + templates + calls + groups + others

    /// What is known of a code; `nil` for one that is not in the table.
    static func rule(for code: Int) -> GraphErrorRule? {
        self.rules.first { $0.codes.contains(code) }
    }

    /// Whether the code says 'slower': trying again costs a job none of its attempts.
    static func isThrottle(_ code: Int) -> Bool {
        self.throttles.contains(code)
    }

    /// Whether the code is about one call at first, and about the number if it persists.
    static func maySpread(_ code: Int) -> Bool {
        code == 2
    }

    /// Whether the code says that the access token no longer works.
    ///
    /// - Parameter namesItsPath: of a `raw` call to a path of its own choice only 190 says that.
    static func pausesAccount(_ code: Int, namesItsPath: Bool) -> Bool {
        code == 190 || !namesItsPath && (code == 0 || code == 102)
    }

    /// Whether the code is about the whole account and needs a person: it is shown in `/ready` for an hour.
    static func needsAttention(_ code: Int) -> Bool {
        self.alarms[code] != nil
    }

    /// A few words on a code that needs a person.
    static func alarm(_ code: Int) -> String {
        self.alarms[code].map { "\(code), \($0)" } ?? "\(code)"
    }

    private static let throttles: Set = [4, 17, 32, 341, 613, 80007, 130429, 131056, 131057, 131208, 138005]
    private static let alarms = [
        368: "restricted for a policy violation", 131031: "account locked", 131042: "payment problem",
        131048: "spam limit", 133010: "number not registered",
    ]

    private static let minuteUpToHour = RetryDelays.doubling(from: .seconds(60), to: .seconds(3600))
    private static let secondUpToMinute = RetryDelays.doubling(from: .seconds(1), to: .seconds(60))

    private static let authorisation: [GraphErrorRule] = [
        .later(0, .accountToken),
        .no(3, .accountToken),
        .no(10, .accountToken),
        .later(102, .accountToken),
        .later(190, .accountToken),
        .no(200...299, .accountToken),
        .no(131005, .accountToken),
    ]

    private static let throttling: [GraphErrorRule] = [
        .yes(4, .app, .untilRegained),
        .yes(17, .accountToken, .untilRegained),
        .yes(32, .accountToken, .untilRegained),
        .yes(341, .app, .untilRegained),
        .yes(613, .endpoint, minuteUpToHour),
        .yes(80007, .waba, .untilRegained),
        .yes(130429, .number, secondUpToMinute),
        .later(131048, .number),
        .yes(131056, .pair, .powersOfFour),
        .later(131064, .waba),
        .later(133016, .number),
        .yes(131208, .group, minuteUpToHour),
    ]

    private static let accountState: [GraphErrorRule] = [
        .no(33, .number),
        .later(368, .waba),
        .no(130497, .recipient),
        .later(131031, .waba),
        .later(131037, .number),
        .later(131042, .waba),
        .later(131044, .waba),
        .later(131045, .number),
        .yes(131057, .number, .fixed(.seconds(30) ... .seconds(60))),
        .no(131063, .waba),
        .later(133000, .number),
        .yes(133004, .number, minuteUpToHour),
        .no(133005, .number),
        .no(133006, .number),
        .later(133008, .number),
        .later(133009, .number),
        .later(133010, .number),
        .yes(133015, .number, .fixed(.seconds(300))),
        .no(134011, .waba),
    ]

    private static let content: [GraphErrorRule] = [
        .few(1),
        .yes(2, .message, secondUpToMinute),
        .no(100),
        .no(506),
        .no(130472),
        .few(131000, .message, [1, 4, 16]),
        .no(131008),
        .no(131009),
        .few(131014),
        .yes(131016, .message, secondUpToMinute),
        .no(131020, .group),
        .no(131021),
        .no(131026, .recipient),
        .no(131030, .recipient),
        .no(131041, .group),
        .no(131047, .pair),
        .no(131049, .recipient),
        .no(131050, .recipient),
        .no(131051),
        .no(131052),
        .fewForLink(131053),
        .no(131055),
        .no(131059),
        .no(131060),
        .no(131062),
        .no(135000),
        .no(136000...136025),
        .no(137000, .recipient),
        .no(130501),
        // Heritage of the on-premises API.
        .no(470...472),
        .no(501),
        .no(1000...1031),
    ]
}
