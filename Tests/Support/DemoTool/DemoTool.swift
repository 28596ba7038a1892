@main struct DemoTool { static func main() {} }
