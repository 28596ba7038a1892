/// Meta's error codes as the project's notes on the Cloud API list them: codes, retry, waits, scope.
enum MetaErrorCodes {
    struct Row: Sendable, CustomStringConvertible {
        let codes: ClosedRange<Int>
        let retry: String
        let waits: String
        let scope: String

        var description: String { "\(self.codes.lowerBound)…\(self.codes.upperBound) \(self.retry)" }
    }

    static let rows: [Row] = text.split(separator: "\n").flatMap { line in
        let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmed }
        return cells[0].split(separator: ",").map { codes in
            let ends = codes.split(separator: "-").compactMap { Int($0.trimmed) }
            return Row(codes: ends[0]...ends[ends.count - 1], retry: cells[1], waits: cells[2], scope: cells[3])
        }
    }

    private static let text = """
        0 | later |  | account token
        3 | no |  | account token
        10 | no |  | account token
        102 | later |  | account token
        190 | later |  | account token
        200-299 | no |  | account token
        131005 | no |  | account token
        4 | yes | time told, else 60 s doubling to 1 h | app
        17 | yes | as 4 | account token
        32 | yes | as 4 | account token
        341 | yes | as 4 | app
        613 | yes | 60 s doubling | endpoint
        80007 | yes | as 4 | waba
        130429 | yes | 1 s with jitter, doubling to 60 s | number
        131048 | later |  | number
        131056 | yes | 4^X s | pair
        131064 | later |  | waba
        133016 | later |  | number
        131208 | yes | 60 s doubling | number, groups
        368 | later |  | waba
        130497 | no |  | recipient
        131031 | later |  | waba
        131037 | later |  | number
        131042 | later |  | waba
        131044 | later |  | waba
        131045 | later |  | number
        131057 | yes | 30-60 s fixed | number
        131063 | no |  | waba
        33 | no |  | number
        133000 | later |  | number
        133004 | yes | 60 s doubling | number
        133005 | no |  | number
        133006 | no |  | number
        133008 | later |  | number
        133009 | later |  | number
        133010 | later |  | number
        133015 | yes | 300 s | number
        134011 | no |  | waba
        1 | few | 2 s, 8 s | message
        2 | yes | 1 s doubling to 60 s | message
        100 | no |  | message
        506 | no |  | message
        130472 | no |  | message
        131000 | few | 1 s, 4 s, 16 s | message
        131008 | no |  | message
        131009 | no |  | message
        131014 | few |  | message
        131016 | yes | 1 s doubling to 60 s | message
        131020 | no |  | group
        131021 | no |  | message
        131026 | no |  | recipient
        131030 | no |  | recipient
        131041 | no |  | group
        131047 | no |  | pair
        131049 | no |  | recipient
        131050 | no |  | recipient
        131051 | no |  | message
        131052 | no |  | message
        131053 | link |  | message
        131055 | no |  | message
        131059 | no |  | request
        131060 | no |  | message
        131062 | no |  | message
        135000 | no |  | message
        136000-136025 | no |  |
        137000 | no |  | recipient
        501, 470, 471, 472, 1000-1031 | no |  |
        130501 | no |  | message
        132000 | no |  |
        132001 | no |  |
        132005 | no |  |
        132007 | no |  |
        132008 | no |  |
        132012 | no |  |
        132015 | later |  |
        132016 | no |  |
        132018 | no |  |
        132068 | no |  |
        132069 | later |  |
        134100 | no |  |
        134101 | yes | after 10 min |
        134102 | no |  |
        134103 | no |  |
        2388019, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299 | no |  |
        200005-200007 | no |  |
        138000 | no |  |
        138001 | no |  |
        138002 | later |  |
        138003 | later |  |
        138004 | few |  |
        138005 | yes | 60 s doubling |
        138006 | no |  |
        138007 | no |  |
        138009 | later |  |
        138012 | later |  |
        138013, 138014, 138015, 138017, 138018 | no |  |
        138019-138023 | n/a |  |
        131201 | read the body |  |
        131202, 131204, 131209-131215 | no |  |
        131207 | no |  |
        139000-139004 | no |  |
        139100 | read the body |  |
        139101, 139102 | no |  |
        139103 | few |  |
        147001-147005 | no |  |
        2593107, 2593108, 2593109 | no |  |
        2388001, 2388012, 2388091, 2388093, 2388103 | no |  |
        2494100 | later |  |
        2494164-2494179 | no |  |
        1752041 | no |  |
        """
}

extension Substring {
    fileprivate var trimmed: String {
        String(self.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
