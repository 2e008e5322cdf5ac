import Findings
import Foundation
import Ledger
import Testing

@testable import Mapping

/// The repository is a workspace itself: its own definitions must be right.
@Suite struct RepositoryDefinitionsTests {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "mappings")

  static func load() throws -> DefinitionSet {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return try DefinitionsFolder.load(list: paths) { path throws(any Error) in
      [UInt8](try Data(contentsOf: folder.appending(path: path)))
    }
  }

  @Test func nothingIsWrong() throws {
    let set = try Self.load()
    #expect(set.findings == [])
    #expect(
      set.books.map(\.book.name) == ["cycles", "enterprise", "europe", "main", "retail", "small-scale"])
    #expect(
      set.interfaces.map(\.name.text) == [
        "cost-summary", "enterprise-sales", "erp-issue", "export-sales", "guanjiapo", "jsherp", "k3-issue",
        "material-issue", "online-retail", "purchase-orders", "purchase", "sales-issue", "sap-movements",
        "sheet-sales", "shopify-orders", "small-scale", "stock-count", "transfer", "u8-answer", "u8-storeout",
        "ubl-credit-note", "ubl-despatch", "ubl-invoice", "ubl-receipt",
        "voucher-answer", "wangdiantong",
      ])
    #expect(
      set.profiles.map(\.path) == [
        "profiles/beancount.yaml", "profiles/hledger.yaml", "profiles/k3-sheet.yaml", "profiles/ledger.yaml",
        "profiles/new-codes.yaml", "profiles/online-book.yaml", "profiles/source-documents.yaml",
        "profiles/u8-eai.yaml",
        "profiles/u8-text.yaml",
        "profiles/voucher-csv.yaml",
      ])
    #expect(set.files.map(\.path).contains("tables/revenue.csv"))
    let sales = try #require(set.interfaces.first { $0.name.text == "sales-issue" })
    #expect(sales.tables.allSatisfy { $0.loaded != nil })
    #expect(sales.postings.map(\.code.text) == ["R", "C"])
    #expect(sales.checks.map(\.level) == [.stopFile, .hold, .reject, .reject, .reject, .warn])
  }
}
