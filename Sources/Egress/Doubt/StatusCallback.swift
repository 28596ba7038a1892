import JSONBytes

extension OwnCallback {
    /// The callback value of ours that a status event carries; `nil` where it carries none.
    init?(ofStatus payload: [UInt8]) {
        guard let status = try? JSONDocument(validating: payload).root,
            let text = status["biz_opaque_callback_data"]?.string
        else { return nil }
        self.init(text)
    }
}
