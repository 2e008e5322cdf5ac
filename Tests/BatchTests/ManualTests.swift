import Findings
import Foundation
import Mapping
import Testing

@testable import Batch

/// The manual's pieces of YAML are one workspace, and nothing is wrong with it.
@Suite struct ManualTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: root.appending(path: path)))
  }

  /// The blocks in order, each known by the words with which its first or second line begins.
  private static func blocks() throws -> [String] {
    let text = String(decoding: try bytes("docs/MAPPING.md"), as: UTF8.self)
    return text.matches(of: /```yaml\n((?:.*\n)*?)```/).map { String($0.output.1) }
  }

  private static func block(_ blocks: [String], _ words: String) throws -> String {
    try #require(blocks.first { ("\n" + $0).contains("\n" + words) }, "the manual has no block with \(words)")
  }

  private static func files() throws -> [String: [UInt8]] {
    let all = try blocks()
    let blocks = all.filter { !$0.hasPrefix("# an XML") }
    var interface = "language: 1\ninterface: manual\ncode: MA\ntitle: 手册\nbook: main\n"
    for words in [
      "read:", "tables:", "fields:", "document:", "measures:", "postings:", "write:", "new_codes:",
    ] {
      interface += try block(blocks, words)
    }
    var files: [String: [UInt8]] = [
      "workspace.yaml": Array(
        try block(blocks, "language: 1                       # mappings/workspace.yaml").utf8),
      "books/main.yaml": Array(try block(blocks, "book: main").utf8), "manual.yaml": Array(interface.utf8),
      "profiles/voucher-csv.yaml": Array(try block(blocks, "profile: voucher-csv").utf8),
      "profiles/text.yaml": Array(
        ("language: 1\nprofile: text\nproven_by: document none\n" + (try block(blocks, "format: text"))).utf8),
      "profiles/new-codes.yaml": Array(try block(blocks, "profile: new-codes").utf8),
      "profiles/voucher-xml.yaml": Array(try block(blocks, "profile: voucher-xml").utf8),
    ]
    files["answer.yaml"] = Array(
      ("""
      language: 1
      interface: answer
      code: AN
      title: 回执
      book: main
      read: { files: ["answer*.csv"], format: csv, encoding: utf-8 }

      """ + (try block(blocks, "acknowledge:"))).utf8)
    let xml = try #require(all.first { $0.hasPrefix("# an XML") })
    files["xml.yaml"] = Array(
      """
      language: 1
      interface: xml
      code: XM
      title: XML
      book: main
      \(xml)
      document: { key: [no], date: date, same: [date, customer, company] }
      measures: [gross]
      postings:
        sale:
          code: R
          per: document
          date: date
          memo: "{company} {no}"
          entries:
            - { debit: 应收账款, amount: gross, by: { 客户: customer } }
            - { credit: 其他应付款, amount: gross, by: { 客户: customer } }
      write: [{ profile: voucher-csv, file: "{book}_{interface}_{period}_{run}.csv" }]
      """.utf8)
    for name in ["accounts", "customers", "tax-class", "revenue", "stock"] {
      files["tables/\(name).csv"] = try bytes("mappings/tables/\(name).csv")
    }
    return files
  }

  @Test func allItsPiecesFitTogether() throws {
    let files = try Self.files()
    let compiled = CompiledDefinitions(DefinitionsFolder.load(list: Array(files.keys)) { files[$0] ?? [] })
    #expect(compiled.findings.isEmpty, "\(compiled.findings)")
    #expect(compiled.interfaces.map(\.interface.name) == ["answer", "manual", "xml"])
    #expect(compiled.profiles.map(\.name) == ["new-codes", "text", "voucher-csv", "voucher-xml"])
  }

  /// No block is left out, so none can go stale.
  @Test func everyBlockIsTried() throws {
    #expect(try Self.blocks().count == 16)
  }
}
