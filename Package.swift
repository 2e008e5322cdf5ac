// swift-tools-version: 6.2
import PackageDescription

/// `ls Sources` is the pipeline; each room names the rooms it may know, and those stand above it.
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func room(_ name: String, knows rooms: [String] = [], outside: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: rooms.map { .byName(name: $0) } + outside,
    swiftSettings: house)
}

func proof(
  _ name: String, of rooms: [String], outside: [Target.Dependency] = [], beside: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: rooms.map { .byName(name: $0) } + outside, exclude: beside,
    swiftSettings: house)
}

/// What tests share, built with them.
func trial(_ name: String, of rooms: [String]) -> Target {
  .target(
    name: name, dependencies: rooms.map { .byName(name: $0) }, path: "Tests/\(name)", swiftSettings: house)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

/// The fuzzer links only where everything is built for it: see `make fuzz`.
let fuzzDriver: [Target] =
  Context.environment["TALLYMAN_FUZZ"] == nil
  ? []
  : [
    .executableTarget(name: "fuzz", dependencies: ["Fuzzing"], path: "Tests/FuzzDriver", swiftSettings: house)
  ]

/// Times single stages: see `make bench`.
let microBenchmarks: [Target] =
  Context.environment["TALLYMAN_BENCH"] == nil
  ? []
  : [
    .executableTarget(
      name: "micro",
      dependencies: ["Ledger", "Readers", "Expressions", "Mapping", "Posting", "State", "Batch"],
      path: "Benchmarks/micro", swiftSettings: house)
  ]

let package = Package(
  name: "tallyman",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "tallyman", targets: ["tallyman"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    room("Findings"),
    room("Ledger", knows: ["Findings"]),
    .target(name: "CPosix"),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(name: "CXML", dependencies: ["CLibXML2"]),
    room("Readers", knows: ["Findings", "Ledger", "CPosix", "CXML"]),
    room("Definitions", knows: ["Findings"], outside: [.product(name: "Yams", package: "Yams")]),
    room("Expressions", knows: ["Findings", "Ledger", "Readers"]),
    room("Mapping", knows: ["Findings", "Ledger", "Readers", "Definitions", "Expressions"]),
    room("Posting", knows: ["Findings", "Ledger", "Readers", "Expressions", "Mapping"]),
    room("Writers", knows: ["Findings", "Ledger", "CPosix", "CXML", "Definitions"]),
    room("Reconciliation", knows: ["Findings", "Ledger"]),
    room(
      "State", knows: ["Findings", "Ledger"],
      outside: [
        .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
        crypto,
      ]),
    room(
      "Batch",
      knows: [
        "Findings", "Ledger", "CPosix", "Readers", "Definitions", "Expressions", "Mapping", "Posting",
        "Writers", "Reconciliation", "State",
      ],
      outside: [crypto]),
    .executableTarget(
      name: "tallyman",
      dependencies: [
        "Findings", "Reconciliation", "Batch",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house),
    proof("FindingsTests", of: ["Findings"]),
    proof("LedgerTests", of: ["Ledger", "Findings"]),
    proof("ReadersTests", of: ["Readers", "Ledger", "Findings", "CPosix"]),
    proof("DefinitionsTests", of: ["Definitions", "Findings"]),
    proof("ExpressionsTests", of: ["Expressions", "Readers", "Ledger", "Findings"]),
    proof("MappingTests", of: ["Mapping", "Definitions", "Expressions", "Readers", "Ledger", "Findings"]),
    proof(
      "PostingTests",
      of: ["Posting", "Mapping", "Definitions", "Expressions", "Readers", "Ledger", "Findings"]),
    proof("WritersTests", of: ["Writers", "Definitions", "Ledger", "Findings"]),
    proof("ReconciliationTests", of: ["Reconciliation", "Ledger", "Findings"]),
    proof(
      "StateTests", of: ["State", "Ledger", "Findings"],
      outside: [.product(name: "GRDB", package: "GRDB.swift")]),
    proof(
      "BatchTests",
      of: [
        "Batch", "State", "Reconciliation", "Writers", "Posting", "Mapping", "Definitions", "Expressions",
        "Readers",
        "Ledger", "Findings",
      ]),
    proof("TallymanTests", of: ["tallyman", "Findings"]),
    proof("TortureTests", of: ["tallyman", "State"], beside: ["Shim", "Mistakes", "mistakes"]),
    trial(
      "Fuzzing",
      of: ["Findings", "Ledger", "Readers", "Definitions", "Expressions", "Mapping", "Posting", "Writers"]),
    .testTarget(
      name: "FuzzingTests", dependencies: ["Fuzzing", "Findings", "Ledger", "Readers", "Expressions"],
      exclude: ["Corpus"], swiftSettings: house),
  ] + fuzzDriver + microBenchmarks
)
