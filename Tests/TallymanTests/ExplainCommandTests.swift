import Foundation
import Testing

/// What `explain` says of a voucher, a document and a source row.
@Suite struct ExplainCommandTests {
  private static let base = Repository.samples + "/findings/base"

  private func workspace() throws -> ScratchWorkspace {
    let workspace = try ScratchWorkspace(mappings: Self.base + "/mappings")
    try workspace.drop(Self.base + "/inbox/issue.csv")
    try workspace.run()
    return workspace
  }

  /// Digests stand in the way of reading.
  private func said(_ workspace: ScratchWorkspace, _ arguments: String...) throws -> [String] {
    let result = try Program.tallyman.run(
      ["explain"] + arguments + ["--workspace", workspace.root], in: workspace.root)
    #expect(result.exitCode == 0, "\(result.errors)")
    return result.output.replacing(/[0-9a-f]{64}/, with: "…").split(separator: "\n").map(String.init)
  }

  @Test func anEntryAndHowItCameAbout() throws {
    let workspace = try workspace()
    #expect(
      try said(workspace, "B-SI-S-00000001/2") == [
        "B-SI-S-00000001: sales/sales, dated 2026-03-05",
        "run 1 at 2026-03-21T06:00:00+08:00, with mappings/ as archive/definitions/… has it",
        "  outbox/main_sales_2026-03_000001.csv, lines: 3",
        "  nothing was heard of it from the finance system", "entry 2: credit 4010 113.00",
        "  rule mappings/sales.yaml:43: income(class), amount amount", "  document S1: 113.00",
        "    line 2: amount = 113.00 → 113.00", "document S1",
        "  issue.csv, row 1: archive/2026/03/21/000001/1_issue.csv, SHA-256 …, taken by run 1",
        "  row 1, line 2: Date = 2026-03-05, Class = goods, Amount = 113.00",
        #"    date: date = Date = "2026-03-05" → 2026-03-05  [mappings/sales.yaml:18]"#,
        #"    class: text = Class = "goods" → goods  [mappings/sales.yaml:20]"#,
        #"    amount: money = Amount = "113.00" → 113.00  [mappings/sales.yaml:21]"#,
        "    table income, sought goods: row mappings/tables/income.csv:2 with goods: account = 4010",
      ])
  }

  @Test func aVoucherInChinese() throws {
    let workspace = try workspace()
    #expect(
      try said(workspace, "B-SI-S-00000002", "--lang", "zh") == [
        "B-SI-S-00000002：sales/sales，日期 2026-03-06",
        "批次 1，2026-03-21T06:00:00+08:00，当时的 mappings/ 见 archive/definitions/…",
        "  outbox/main_sales_2026-03_000001.csv，行：5, 6", "  财务系统尚无回执",
        "分录 1：借 1100.01 56.50  customer: C2",
        "  分录规则 mappings/sales.yaml:42：Receivables，金额 amount", "  单据 S2：56.50", "分录 2：贷 4010 56.50",
        "  分录规则 mappings/sales.yaml:43：income(class)，金额 amount", "  单据 S2：56.50", "单据 S2",
        "  issue.csv，数据行 3：archive/2026/03/21/000001/1_issue.csv，SHA-256 …，由批次 1 收取",
        "来源行、规则与计算按单条分录显示：tallyman explain B-SI-S-00000002/1",
      ])
  }

  @Test func aDocumentAndARow() throws {
    let workspace = try workspace()
    #expect(
      try said(workspace, "--document", "S1") == [
        "document S1 of sales", "run 1 at 2026-03-21T06:00:00+08:00: posted",
        "  issue.csv, row 1: archive/2026/03/21/000001/1_issue.csv, SHA-256 …, taken by run 1",
        "  posting sales: voucher B-SI-S-00000001",
      ])
    #expect(
      try said(workspace, "--row", "issue.csv:3").prefix(6) == [
        "issue.csv, line 3, of sales",
        "  issue.csv, row 2: archive/2026/03/21/000001/1_issue.csv, SHA-256 …, taken by run 1", "document S1",
        "posted by run 1",
        "  B-SI-S-00000001/1: debit 1100.01  amount = 20.00 → 20.00  [mappings/sales.yaml:42]",
        "  B-SI-S-00000001/3: credit 4020  amount = 20.00 → 20.00  [mappings/sales.yaml:43]",
      ])
  }

  @Test func programsGetJSON() throws {
    let workspace = try workspace()
    for arguments in [
      ["B-SI-S-00000001/2"], ["--document", "S1", "--interface", "sales"], ["--row", "issue.csv:3"],
    ] {
      let result = try Program.tallyman.run(
        ["explain", "--json"] + arguments + ["--workspace", workspace.root], in: workspace.root)
      let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      #expect((object as? [String: Any])?["interface"] as? String == "sales", "\(arguments)")
    }
  }

  @Test func whatThereIsNotEndsWith64AndARemedy() throws {
    let workspace = try workspace()
    for (arguments, remedy) in [
      (["B-SI-S-00000003"], "as the voucher files have it"), (["B-SI-S-00000001/4"], "numbered 1 to 3"),
      (["B-SI-S-00000001/x"], "numbered 1 to 3"), (["--document", "S3"], "as the log shows it"),
      (["--document", "S1", "--interface", "other"], "as the log shows it"),
      (["--row", "other.csv:3"], "as it was dropped"), (["--row", "issue.csv"], "FILE:LINE"),
      (["--row", "issue.csv:0"], "FILE:LINE"), ([], "a voucher's ID"),
      (["B-SI-S-00000001", "--document", "S1"], "a voucher's ID"),
      (["B-SI-S-00000001", "--interface", "sales"], "--interface goes with --document"),
    ] {
      let result = try Program.tallyman.run(
        ["explain"] + arguments + ["--workspace", workspace.root], in: workspace.root)
      #expect(result.exitCode == 64 && result.output.isEmpty, "\(arguments)")
      #expect(result.errors.contains(remedy), "\(arguments): \(result.errors)")
    }
  }

  /// Also while a run holds the lock.
  @Test func nothingIsChanged() throws {
    let workspace = try workspace()
    func everything() throws -> [String] {
      let names = try files(below: workspace.root).filter { !$0.hasSuffix("-shm") && !$0.hasSuffix("-wal") }
      return try names.map { "\($0) \(Data(try bytes(of: workspace.root + "/" + $0)).hashValue)" }
    }
    let holder = try Program(path: "/usr/bin/flock").start(
      ["--no-fork", workspace.root + "/.tallyman/lock", "/bin/sleep", "60"], in: workspace.root)
    defer { holder.end() }
    let before = try everything()
    _ = try said(workspace, "B-SI-S-00000001/2")
    _ = try said(workspace, "--document", "S1")
    _ = try said(workspace, "--row", "issue.csv:3")
    #expect(try everything() == before)
  }
}
