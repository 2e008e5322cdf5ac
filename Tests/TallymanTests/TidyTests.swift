import Foundation
import Testing

/// The house rules that no compiler holds. DESIGN.md §4 has them in words.
@Suite struct TidyTests {
  /// The order of the rooms, as the data flows: each may know only those above it.
  static let pipeline = [
    "Findings", "Ledger", "CPosix", "CLibXML2", "CXML", "Readers", "Definitions", "Expressions", "Mapping",
    "Posting",
    "Writers", "Reconciliation", "State", "Batch", "tallyman",
  ]

  /// Which rooms alone may know a library from outside.
  static let outside: [String: Set] = [
    "GRDB": ["State"], "GRDBSQLite": ["State"], "Yams": ["Definitions"], "Crypto": ["State", "Batch"],
    "ArgumentParser": ["tallyman"],
  ]

  /// What comes with the toolchain, and is no wall.
  static let system: Set<String> = ["Foundation", "Glibc", "Dispatch", "Synchronization"]

  static func swiftFiles(_ folder: String) throws -> [String] {
    try files(below: Repository.root + "/" + folder).filter { $0.hasSuffix(".swift") }.map {
      folder + "/" + $0
    }
  }

  @Test func filesAreShort() throws {
    let lengths = try (Self.swiftFiles("Sources") + Self.swiftFiles("Tests")).map { path in
      (path, try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false).count - 1)
    }
    for (path, lines) in lengths { #expect(lines <= 400, "\(path) has \(lines) lines") }
    let short = lengths.count { $0.1 < 300 }
    #expect(short * 10 >= lengths.count * 9, "only \(short) of \(lengths.count) files are under 300 lines")
  }

  @Test func noFolderIsADrawer() throws {
    for folder in ["Sources", "Tests"] {
      for path in try Self.swiftFiles(folder) {
        let drawers = path.split(separator: "/").filter {
          ["utils", "helpers", "manager", "managers", "common", "misc"].contains($0.lowercased())
        }
        #expect(drawers.isEmpty, "\(path)")
      }
    }
  }

  @Test func noFloatingPointAndNothingThatGivesUp() throws {
    let forbidden =
      /\b(?:Double|Float|Float16|Float32|Float64|CGFloat|TODO|FIXME)\b|\b(?:try|as)!|\bfatalError\(/
    let words = ["Double", "Float", "try!", "as!", "fatalError", "TODO", "FIXME"]
    for path in try Self.swiftFiles("Sources") {
      let text = try Repository.text(path)
      guard words.contains(where: text.contains) else { continue }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (number, line) in lines.enumerated() {
        if let found = line.firstMatch(of: forbidden) {
          Issue.record("\(path):\(number + 1) has \(line[found.range])")
        }
      }
    }
  }

  @Test func roomsKnowOnlyThoseAbove() throws {
    let rooms = try Self.manifestRooms()
    #expect(try Set(folders(in: Repository.root + "/Sources")) == Set(rooms.keys), "rooms of Package.swift")
    for (room, known) in rooms {
      let place = try #require(Self.pipeline.firstIndex(of: room), "\(room) has no place in the pipeline")
      for other in known {
        let above = Self.pipeline.firstIndex(of: other) ?? Int.max
        #expect(above < place, "Package.swift: \(room) knows \(other), which does not stand above it")
      }
    }
  }

  @Test func importsAreThoseThatTheManifestNames() throws {
    let rooms = try Self.manifestRooms()
    for path in try Self.swiftFiles("Sources") {
      let room = String(path.split(separator: "/")[1])
      for module in try Self.imports(of: path) where !Self.system.contains(module) {
        if let only = Self.outside[module] {
          #expect(only.contains(room), "\(path) imports \(module), which is for \(only) alone")
        } else {
          #expect(
            rooms[room]?.contains(module) == true, "\(path) imports \(module), which \(room) does not name")
        }
      }
    }
  }

  @Test func nothingHoldsForOneMachineOnly() throws {
    // In pieces, so that this file does not find itself.
    let places = ["/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/Us" + "ers/"]
    let kinds = ["swift", "c", "h", "yaml", "py", "md", "sh", ""]
    for path in try Self.ownFiles() where kinds.contains((path as NSString).pathExtension) {
      guard let text = try? Repository.text(path) else { continue }
      for place in places { #expect(!text.contains(place), "\(path) has \(place)") }
    }
  }

  @Test func theRulesCanFail() throws {
    #expect(
      Self.imported(in: "package import struct GRDB.Row\n@testable import Batch\n// import Yams\n") == [
        "GRDB", "Batch",
      ])
    #expect(try Self.manifestRooms()["Batch"]?.contains("State") == true)
    #expect(try Self.ownFiles().count > 100)
  }

  // MARK: -

  /// Everything of the repository that is written by hand: no build folders, no state, no results.
  private static func ownFiles() throws -> [String] {
    let manager = FileManager.default
    var paths: [String] = []
    for name in try manager.contentsOfDirectory(atPath: Repository.root) {
      if ["inbox", "outbox", "archive"].contains(name) || name.hasPrefix(".build") || name == ".git"
        || name == ".tallyman"
      {
        continue
      }
      let below = try files(below: Repository.root + "/" + name)
      paths += below.isEmpty ? [name] : below.map { name + "/" + $0 }
    }
    return paths
  }

  /// Each room with the rooms that Package.swift lets it know.
  private static func manifestRooms() throws -> [String: Set<String>] {
    let text = try Repository.text("Package.swift")
    var rooms: [String: Set<String>] = [:]
    // A target begins with its name; what follows up to the next target names what it knows.
    let begin = /(?:\broom\(\s*|\.(?:target|executableTarget|systemLibrary)\(\s*name: )"(\w+)"/
    let ends = /\n    (?:room|proof|\.target|\.executableTarget|\.systemLibrary)\(/
    let targets = text[(text.range(of: "targets: [")?.lowerBound ?? text.startIndex)...]
    for found in targets.matches(of: begin) {
      let rest = targets[found.range.upperBound...]
      let body = rest[..<(rest.firstMatch(of: ends)?.range.lowerBound ?? rest.endIndex)]
        .replacing(/\.product\(name: "\w+", package: "[^"]+"\)/, with: "")
      let names = body.matches(of: /"(\w+)"/).map { String($0.output.1) }
      rooms[String(found.output.1)] = Set(names)
    }
    return rooms
  }

  private static func imports(of path: String) throws -> [String] { imported(in: try Repository.text(path)) }

  private static func imported(in text: String) -> [String] {
    let pattern =
      /^(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
    return text.split(separator: "\n").compactMap { $0.firstMatch(of: pattern).map { String($0.output.1) } }
  }
}
