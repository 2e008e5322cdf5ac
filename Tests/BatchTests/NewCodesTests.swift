import Findings
import Foundation
import State
import Testing

@testable import Batch

/// The file with the codes that finance does not know yet.
@Suite struct NewCodesTests {
  static let profile = """
    language: 1
    profile: new-codes
    proven_by: document made for this test
    format: csv
    encoding: utf-8
    line_ends: lf
    each: code
    columns:
      code: code.key
      first seen: code.field("day")
      kind: '"{code.field("kind")}!"'
    contract:
      code: { bytes_max: 4 }

    """

  private func bench(
    _ rule: String = """
    new_codes:
      - { table: customers, profile: new-codes, file: "new_{interface}_{run}.csv", fields: { day: date, kind: kind } }
    """
  ) throws -> Bench {
    let bench = try Bench()
    try bench.write("mappings/profiles/new-codes.yaml", Self.profile)
    try bench.write("mappings/sales.yaml", try bench.read("mappings/sales.yaml") + "\n" + rule + "\n")
    return bench
  }

  private func sale(_ no: String, _ buyer: String, kind: String = "goods", tax: Int = 10) -> Sale {
    Sale(no: no, buyer: buyer, rows: [Sale.Row(kind: kind, amount: 100, tax: tax)])
  }

  private func files(_ bench: Bench) -> [String] {
    bench.files(in: "outbox").filter { $0.hasPrefix("new_") }
  }

  @Test func aRunTellsOfCodesThatItsDocumentsWaitFor() throws {
    let bench = try bench()
    var late = sale("S3", "C8")
    late.day = "2026-03-04"
    try bench.drop(
      "sales-1.csv",
      Sale.file([sale("S1", "C1"), sale("S2", "C9", kind: "service"), late, sale("S4", "C9")]))
    #expect(try bench.run(clock: "2026-03-21T06:00:00+08:00").exitCode == 10)
    #expect(files(bench) == ["new_sales_000001.csv"])
    #expect(
      try bench.read("outbox/new_sales_000001.csv")
        == "code,first seen,kind\nC9,2026-03-01,service!\nC8,2026-03-04,goods!\n")
    // It stands before the vouchers, and the manifest covers it.
    let names = try bench.state { try $0.publications(of: 1).filter(\.isForOutbox).map(\.name) }
    #expect(names.first == "new_sales_000001.csv")
    #expect(try bench.read("outbox/manifest_000001.sha256").contains("new_sales_000001.csv"))
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Imported twice, a code would be refused by the finance system.
  @Test func aCodeIsToldOnce() throws {
    let bench = try bench()
    try bench.drop("sales-1.csv", Sale.file([sale("S1", "C9")]))
    try bench.run(clock: "2026-03-21T06:00:00+08:00")
    try bench.drop("sales-2.csv", Sale.file([sale("S2", "C9"), sale("S3", "C7")]))
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    #expect(files(bench) == ["new_sales_000001.csv", "new_sales_000002.csv"])
    #expect(try bench.read("outbox/new_sales_000002.csv") == "code,first seen,kind\nC7,2026-03-01,goods!\n")
    // What still waits is no news; nor is what waits no more.
    try bench.run(clock: "2026-03-23T06:00:00+08:00")
    try bench.write(
      "mappings/tables/customers.csv",
      try bench.read("mappings/tables/customers.csv") + "C9,Nine\nC7,Seven\n")
    #expect(try bench.run(clock: "2026-03-24T06:00:00+08:00").exitCode == 0)
    #expect(files(bench).count == 2)
  }

  /// What goes back is corrected first: it may be the customer that is wrong.
  @Test func ofRejectedDocumentsNothingIsTold() throws {
    let bench = try bench()
    try bench.drop("sales-1.csv", Sale.file([sale("S1", "C9", tax: 500)]))
    #expect(try bench.run(clock: "2026-03-21T06:00:00+08:00").exitCode == 10)
    #expect(files(bench).isEmpty)
    try bench.drop("sales-2.csv", Sale.file([sale("S1", "C9")]))
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    #expect(files(bench) == ["new_sales_000002.csv"])
  }

  /// A look-up that finds nothing holds as the check does, of any table.
  @Test func aCodeThatALookUpLacksIsToldToo() throws {
    let bench = try bench(
      """
      new_codes:
        - { table: income, profile: new-codes, file: "new_{run}.csv", fields: { day: date, kind: kind } }
      """)
    try bench.drop("sales-1.csv", Sale.file([sale("S1", "C1", kind: "rent"), sale("S2", "C9")]))
    #expect(try bench.run(clock: "2026-03-21T06:00:00+08:00").exitCode == 10)
    #expect(try bench.read("outbox/new_000001.csv") == "code,first seen,kind\nrent,2026-03-01,rent!\n")
  }

  @Test func whatTheFormatDoesNotTakeIsLeftOutAndTold() throws {
    let bench = try bench()
    try bench.drop("sales-1.csv", Sale.file([sale("S1", "C9"), sale("S2", "C99999")]))
    #expect(try bench.run(clock: "2026-03-21T06:00:00+08:00").exitCode == 10)
    #expect(try bench.read("outbox/new_sales_000001.csv") == "code,first seen,kind\nC9,2026-03-01,goods!\n")
    #expect(try RunEntry.last(1, of: bench.workspace)[0].summary?.findings["new-code-left-out"] == 1)
  }

  /// Each book is kept in a finance system of its own.
  @Test func eachBookIsTold() throws {
    let rule = """
      new_codes:
        - { table: customers, profile: new-codes, file: "new_{book}_{run}.csv", fields: { day: date, kind: kind } }
      """
    let bench = try SeveralBooksTests().bench("if matches(number, \"B*\") then \"branch\" else \"main\"")
    try bench.write("mappings/profiles/new-codes.yaml", Self.profile)
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml", mapping + "\n" + rule.replacing("new_{book}_", with: "new_") + "\n")
    #expect(
      try CompiledDefinitions(of: bench.workspace).findings.map(\.arguments)
        == [["new_{run}.csv", "{book}"]])
    try bench.write("mappings/sales.yaml", mapping + "\n" + rule + "\n")
    try bench.drop("sales-1.csv", Sale.file([sale("S1", "C9"), sale("B2", "C9")]))
    try bench.run(clock: "2026-03-21T06:00:00+08:00")
    try bench.drop("sales-2.csv", Sale.file([sale("S3", "C9"), sale("B4", "C8")]))
    try bench.run(clock: "2026-03-22T06:00:00+08:00")
    #expect(files(bench) == ["new_branch_000001.csv", "new_branch_000002.csv", "new_main_000001.csv"])
    #expect(
      try bench.read("outbox/new_branch_000002.csv") == "code,first seen,kind\nC8,2026-03-01,goods!\n")
  }

  @Test(arguments: [
    (
      rule: "{ table: nobody, profile: new-codes, file: 'n_{run}', fields: { day: date, kind: kind } }",
      "nobody"
    ),
    (
      rule: "{ table: customers, profile: nobody, file: 'n_{run}', fields: { day: date, kind: kind } }",
      "nobody"
    ),
    (rule: "{ table: customers, profile: vouchers, file: 'n_{run}' }", "each: code"),
    (rule: "{ table: customers, profile: new-codes, file: 'n_{run}', fields: { day: date } }", "kind"),
    (
      rule: "{ table: customers, profile: new-codes, file: 'n_{run}', fields: { day: nobody, kind: kind } }",
      "nobody"
    ),
    (
      rule:
        "{ table: customers, profile: new-codes, file: 'n_{interface}', fields: { day: date, kind: kind } }",
      "{run}"
    ),
    (
      rule:
        "{ table: customers, profile: new-codes, file: 'n_{run}', fields: { day: date, kind: kind, knd: kind } }",
      "knd"
    ),
    (
      rule: "{ table: unasked, profile: new-codes, file: 'n_{run}', fields: { day: date, kind: kind } }",
      "customers, income"
    ),
    (
      rule: """
      { table: customers, profile: new-codes, file: 'n_{run}', fields: { day: date, kind: kind } }
        - { table: customers, profile: new-codes, file: 'm_{run}', fields: { day: date, kind: kind } }
      """,
      "new-codes"
    ),
  ])
  func whatIsWrongWithTheMappingIsTold(_ rule: String, _ named: String) throws {
    let bench = try bench("new_codes:\n  - " + rule)
    try bench.write(
      "mappings/sales.yaml",
      try bench.read("mappings/sales.yaml").replacing(
        "tables:\n", with: "tables:\n  unasked: tables/customers.csv\n"))
    let findings = try CompiledDefinitions(of: bench.workspace).findings
    #expect(findings.count == 1, "\(findings)")
    #expect(
      findings.first.map { "\($0.arguments)".contains(named) && $0.place.file == "mappings/sales.yaml" }
        == true)
  }

  @Test func aFormatOfCodesWritesNoVouchersAndNamesNothingOfThem() throws {
    let bench = try bench(
      """
      new_codes:
        - { table: customers, profile: new-codes, file: "new_{run}.csv", fields: { day: date, kind: kind } }
      """)
    try bench.write(
      "mappings/sales.yaml",
      try bench.read("mappings/sales.yaml").replacing("profile: vouchers", with: "profile: new-codes"))
    #expect(try CompiledDefinitions(of: bench.workspace).findings.map(\.code) == [.badValue])
    try bench.write(
      "mappings/profiles/new-codes.yaml",
      Self.profile.replacing("code: code.key", with: "code: voucher.id"))
    #expect(try CompiledDefinitions(of: bench.workspace).findings.contains { $0.code == .levelMismatch })
  }
}
