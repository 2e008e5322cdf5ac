package import Definitions
import Findings
import Foundation
import Readers

extension WorkspaceDefinition {
  private enum Messages: String, CaseIterable {
    case zh, en

    var language: Language { self == .zh ? .chinese : .english }
  }

  /// Reads `workspace.yaml`.
  package init(tree: Node, faults: Faults) {
    let keys = Keys(of: tree, faults: faults)
    self.init()
    guard hasKnownLanguage(keys) else { return }
    messages = keys.optionalChoice("messages", of: Messages.self)?.language
    if let zone = keys.optionalText("time_zone") {
      timeZone = zone
      let known = TimeZone.knownTimeZoneIdentifiers
      if !known.contains(zone.text), zone.text != "UTC" {
        let near = nearest(to: zone.text, among: known)
        faults.report(
          .badValue, at: zone, [zone.text, near.isEmpty ? "Asia/Shanghai, Europe/Berlin, UTC …" : near])
      }
    }
    settle = keys.optionalText("settle").flatMap { integer($0, in: 0...86_400, faults) } ?? settle
    if let written = keys.optionalMap("limits") { limits = Self.limits(written, faults) }
    keys.notBuilt("file_modes", "retention", "on_failure")
    keys.finish()
  }

  private static func limits(_ keys: Keys, _ faults: Faults) -> ReadingLimits {
    var limits = ReadingLimits()
    // A block holds a document and a row twice over, then what is decoded of it: places in it are kept in 31 bits.
    let (longestRow, longestDocument) = (1 << 26, 1 << 28)
    func set(_ key: String, _ limit: WritableKeyPath<ReadingLimits, Int>, upTo most: Int) {
      guard let text = keys.optionalText(key), let number = integer(text, in: 1...most, faults) else {
        return
      }
      limits[keyPath: limit] = number
    }
    set("row_bytes", \.rowBytes, upTo: longestRow)
    set("document_bytes", \.documentBytes, upTo: longestDocument)
    set("header_rows", \.headerRows, upTo: 1000)
    set("columns", \.columns, upTo: ReadingLimits.headerBytes)
    keys.finish()
    return limits
  }

  /// What holds where `workspace.yaml` says nothing.
  init() {
    self.init(timeZone: SourceText("Asia/Shanghai", at: Place(file: "")), settle: 60)
  }
}
