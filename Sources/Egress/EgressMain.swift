@main struct EgressMain { static func main() {} }
