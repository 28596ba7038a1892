@main struct GraphSimulatorTool { static func main() {} }
