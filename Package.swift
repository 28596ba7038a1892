// swift-tools-version: 6.2
import PackageDescription

// MARK: Libraries of others

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let instrumentation = Target.Dependency.product(name: "Instrumentation", package: "swift-distributed-tracing")
let inMemoryTracing = Target.Dependency.product(name: "InMemoryTracing", package: "swift-distributed-tracing")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]

// MARK: How the house is built

let strictness: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A C library that Debian packages; `shim.h` beside its module map holds what Swift cannot import.
func systemLibrary(_ name: String, pkgConfig: String? = nil, apt: String? = nil) -> Target {
    .systemLibrary(
        name: name, path: "Sources/Shared/\(name)", pkgConfig: pkgConfig, providers: apt.map { [.apt([$0])] })
}

/// A room of `Sources/Shared`: a module that every process may visit.
func room(_ name: String, visits: [String] = [], uses: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: visits.map { .byName(name: $0) } + uses, path: "Sources/Shared/\(name)",
        swiftSettings: strictness)
}

/// One of the three executables.
func process(_ name: String, visits: [String], uses: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name, dependencies: visits.map { .byName(name: $0) } + uses, path: "Sources/\(name)",
        swiftSettings: strictness)
}

/// A library for tests, below `Tests/Support`.
func support(_ name: String, visits: [String] = [], uses: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: visits.map { .byName(name: $0) } + uses, path: "Tests/Support/\(name)",
        swiftSettings: strictness)
}

/// An executable for demonstrations and tests, below `Tests/Support`; never a product, never installed.
func supportTool(_ name: String, in folder: String, visits: [String], uses: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name, dependencies: visits.map { .byName(name: $0) } + uses, path: "Tests/Support/\(folder)",
        swiftSettings: strictness)
}

/// The tests of a module; a part that takes the processor for itself can be a target of its own.
func tests(
    _ name: String, in folder: String? = nil, without parts: [String] = [], of visits: [String],
    uses: [Target.Dependency] = []
) -> Target {
    .testTarget(
        name: name, dependencies: visits.map { .byName(name: $0) } + uses, path: "Tests/\(folder ?? name)",
        exclude: parts, swiftSettings: strictness)
}

// MARK: The house

let package = Package(
    name: "whatsapp-bot-nats",
    products: [
        .executable(name: "whatsapp-ingress", targets: ["Ingress"]),
        .executable(name: "whatsapp-egress", targets: ["Egress"]),
        .executable(name: "whatsapp-supervisor", targets: ["Supervisor"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    ],
    targets: [
        systemLibrary("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        systemLibrary("CLinux"),
        systemLibrary("CNATS", pkgConfig: "libnats", apt: "libnats-dev"),
        systemLibrary("CSystemd", pkgConfig: "libsystemd", apt: "libsystemd-dev"),

        room("Settings"),
        room("JSONBytes"),
        room("Addressing", visits: ["Settings"], uses: [crypto]),
        room("Daemon", visits: ["CLinux", "CSystemd", "Settings"], uses: [logging]),
        room("Admin", visits: ["Daemon", "JSONBytes", "Settings"], uses: nio + [logging]),
        room("Prometheus", uses: [coreMetrics]),
        room("Launch", visits: ["Daemon", "Settings"], uses: [argumentParser]),
        room("NATSClient", visits: ["CNATS", "Daemon", "JSONBytes", "Settings"], uses: [logging]),
        room("NATSService", visits: ["JSONBytes", "NATSClient"], uses: [logging]),
        room("TraceContext", uses: [instrumentation, tracing]),

        process(
            "Ingress",
            visits: [
                "Addressing", "Admin", "Daemon", "JSONBytes", "Launch", "NATSClient", "NATSService", "Prometheus",
                "Settings", "TraceContext",
            ],
            uses: [argumentParser, coreMetrics, crypto, logging] + nio),
        process(
            "Egress",
            visits: [
                "Addressing", "Admin", "CCurl", "Daemon", "JSONBytes", "Launch", "NATSClient", "NATSService",
                "Prometheus", "Settings", "TraceContext",
            ],
            uses: [argumentParser, coreMetrics, crypto, logging]),
        process(
            "Supervisor",
            visits: ["Addressing", "Admin", "CLinux", "Daemon", "JSONBytes", "Launch", "Prometheus", "Settings"],
            uses: [argumentParser, logging]),

        support("TestSupport", visits: ["JSONBytes", "Settings"], uses: nio + [crypto, logging]),
        support("NATSTestSupport", visits: ["NATSClient", "Settings", "TestSupport"], uses: [logging]),
        support("GraphSimulator", visits: ["JSONBytes", "TestSupport"], uses: nio),
        supportTool(
            "graph-simulator", in: "GraphSimulatorTool",
            visits: ["Addressing", "GraphSimulator", "Settings", "TestSupport"],
            uses: [argumentParser]),
        supportTool(
            "demo", in: "Demo", visits: ["Addressing", "JSONBytes", "NATSClient", "Settings", "TestSupport"],
            uses: [argumentParser, logging]),

        .executableTarget(
            name: "load",
            dependencies: [
                "Addressing", "Daemon", "JSONBytes", "NATSClient", "Settings", "TestSupport", argumentParser, crypto,
                logging,
            ] + nio,
            path: "benchmarks/Load", swiftSettings: strictness),
        supportTool(
            "ScriptedWorker", in: "ScriptedWorker", visits: ["CLinux", "Daemon", "Launch", "Settings"],
            uses: [argumentParser, logging]),

        tests("SupportTests", of: ["GraphSimulator", "JSONBytes", "TestSupport", "graph-simulator"]),
        tests("AddressingTests", of: ["Addressing", "Settings", "TestSupport"]),
        tests("SettingsTests", of: ["Settings", "TestSupport"]),
        tests("JSONBytesTests", of: ["JSONBytes", "TestSupport"]),
        tests(
            "AdminTests",
            of: ["Admin", "Daemon", "GraphSimulator", "JSONBytes", "NATSClient", "Settings", "TestSupport"],
            uses: nio + [logging]),
        tests("PrometheusTests", of: ["Prometheus", "TestSupport"], uses: [coreMetrics]),
        tests("DaemonTests", of: ["Daemon", "Settings", "TestSupport"], uses: [logging]),
        tests(
            "NATSClientTests", of: ["Daemon", "JSONBytes", "NATSClient", "NATSTestSupport", "Settings", "TestSupport"]),
        tests(
            "NATSServiceTests",
            of: ["JSONBytes", "NATSClient", "NATSService", "NATSTestSupport", "Settings", "TestSupport"],
            uses: [logging]),
        tests(
            "TraceContextTests",
            of: [
                "Addressing", "Egress", "GraphSimulator", "Ingress", "JSONBytes", "NATSClient", "NATSTestSupport",
                "Prometheus", "Settings", "TestSupport", "TraceContext",
            ],
            uses: [inMemoryTracing, logging, tracing]),
        tests(
            "IngressTests",
            of: [
                "Addressing", "Daemon", "Ingress", "JSONBytes", "Prometheus", "Settings", "TestSupport", "TraceContext",
            ],
            uses: nio + [logging]),
        tests(
            "EgressTests", without: ["Pacing"],
            of: [
                "Addressing", "CCurl", "Daemon", "Egress", "GraphSimulator", "JSONBytes", "NATSClient",
                "NATSTestSupport", "Prometheus", "Settings", "TestSupport", "TraceContext",
            ],
            uses: [logging]),
        tests("PacingTests", in: "EgressTests/Pacing", of: ["Egress", "TestSupport"]),
        tests(
            "SupervisorTests", of: ["Addressing", "Daemon", "ScriptedWorker", "Settings", "Supervisor", "TestSupport"]),
        tests(
            "EndToEndTests",
            of: [
                "Addressing", "GraphSimulator", "JSONBytes", "NATSClient", "NATSTestSupport", "Settings", "TestSupport",
            ],
            uses: [logging]),
        tests("ChaosTests", of: ["JSONBytes", "NATSClient", "NATSTestSupport", "TestSupport"], uses: [crypto]),
        tests(
            "OutboundChaosTests",
            of: ["GraphSimulator", "JSONBytes", "NATSClient", "NATSTestSupport", "TestSupport"]),
    ]
)
