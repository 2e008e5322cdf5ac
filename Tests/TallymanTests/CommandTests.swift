import Findings
import Foundation
import Testing

/// What the commands say and how they end, by §9: 0 done, 10 something needs a person, 64 usage, 75 locked, 78
/// definitions wrong.
@Suite struct CommandTests {
  private static let base = Repository.samples + "/findings/base"

  private func workspace(_ edit: (String) -> String = { $0 }) throws -> ScratchWorkspace {
    let workspace = try ScratchWorkspace(mappings: Self.base + "/mappings")
    try workspace.edit("mappings/sales.yaml", edit)
    return workspace
  }

  private func json(_ text: some StringProtocol) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func statusOfAWorkspaceThatNeverRan() throws {
    let workspace = try workspace()
    try workspace.drop(Self.base + "/inbox/issue.csv")
    try workspace.drop(Array("a,b\n1,2\n".utf8), as: "letters.csv")
    let status = try json(workspace.tallyman("status", "--json").output)
    let waiting = try #require(status["waiting"] as? [[String: Any]])
    #expect(waiting.compactMap { $0["file"] as? String } == ["issue.csv", "letters.csv"])
    #expect(waiting[0]["interface"] as? String == "sales")
    #expect(waiting[1]["interface"] == nil)
    #expect(waiting[1]["reason"] is String)
    #expect(status["needsPerson"] as? Bool == true)
    #expect(status["lastRun"] == nil)
    #expect(!FileManager.default.fileExists(atPath: workspace.root + "/.tallyman"), "status changes nothing")
  }

  /// `--lang`, else what the workspace says, else what `LANG` says. Files have the workspace's whatever is asked.
  @Test(arguments: [
    ("messages: en", "en_GB.UTF-8", "--lang=zh", true), ("messages: zh", "zh_CN.UTF-8", "--lang=en", false),
    ("messages: zh", "en_GB.UTF-8", "", true), ("messages: en", "zh_CN.UTF-8", "", false),
    ("", "zh_CN.UTF-8", "", true), ("", "C", "", false),
  ])
  func theLanguageThatIsSpoken(messages: String, locale: String, asked: String, isChinese: Bool) throws {
    let workspace = try workspace()
    try workspace.edit("mappings/workspace.yaml") { $0.replacing("messages: en", with: messages) }
    let environment = ["LANG": locale, "LC_ALL": locale, "LC_MESSAGES": locale]
    let option = asked.isEmpty ? "--workspace=\(workspace.root)" : asked
    let status = try workspace.tallyman("status", option, environment: environment)
    #expect(status.output.contains("收件箱是空的") == isChinese)
    #expect(status.output.contains("the inbox is empty") == !isChinese)
    let refused = try workspace.tallyman("rebuild", option, environment: environment)
    #expect(refused.errors.contains("无从重建") == isChinese)
    try workspace.drop(Self.base + "/inbox/issue.csv")
    let run = try workspace.tallyman(
      "run", "--clock=2026-03-31T06:00:00Z", option, environment: environment)
    #expect(run.output.contains("单据：") == isChinese)
    let log = try workspace.text("outbox/reconciliation_000001.txt")
    #expect(log.hasPrefix("对账单") == (messages != "messages: en"))
    #expect(try workspace.tallyman("status", "--lang=fr").exitCode == 64)
  }

  @Test func repostIsShownInTheLanguageThatIsAskedForAndCounted() throws {
    let workspace = try workspace()
    try workspace.drop(Self.base + "/inbox/issue.csv")
    #expect(try workspace.run(at: "2026-03-30T06:00:00Z").exitCode == 0)
    try workspace.edit("mappings/tables/income.csv") { $0.replacing("4010", with: "4020") }
    try workspace.edit("mappings/tables/customers.csv") { $0.replacing("C2,", with: "C3,") }
    let clock = "--clock=2026-03-31T06:00:00Z"
    let shown = try workspace.tallyman("repost", "sales", "--period=2026-03", clock, "--lang=zh")
    #expect(shown.exitCode == 10)
    #expect(shown.output.contains(" 借 ") && shown.output.contains(" 贷 ") && !shown.output.contains("debit"))
    #expect(shown.errors.contains("单据 S2 保持原凭证") && shown.errors.contains("重新入账该单据"))
    let done = try workspace.tallyman("repost", "sales", "--period=2026-03", clock, "--reason=accounts")
    #expect(done.output.contains("  1 document was posted anew by today's mapping"))
    #expect(done.output.contains("  1 document stays as posted"))
  }

  /// A refused voucher is no document.
  @Test func whatKeepsAPeriodOpenIsCountedByKind() throws {
    let workspace = try FindingSample(.voucherRefused).workspace(.english)
    for (day, file) in [(29, "issue.csv"), (30, "answer.csv")] {
      try workspace.drop(workspace.root + "/drop/" + file)
      _ = try workspace.run(at: "2026-03-\(day)T06:00:00Z")
    }
    let clock = "--clock=2026-03-31T06:00:00Z"
    let refused = try workspace.tallyman("period", "close", "2026-03", clock)
    #expect(refused.exitCode == 10)
    #expect(
      refused.errors.contains("1 voucher of it or of an earlier period is refused by the finance system"))
    try workspace.edit("drop/issue.csv") {
      $0.replacing("S1,", with: "S7,").replacing("S2,2026-03-06,C2", with: "S8,2026-03-06,C9")
    }
    try workspace.drop(workspace.root + "/drop/issue.csv")
    _ = try workspace.run(at: "2026-03-30T08:00:00Z")
    let both = try workspace.tallyman("period", "close", "2026-03", clock)
    #expect(
      both.errors.contains(
        "1 document of it or of an earlier period waits, in whole or in part, and 1 voucher is refused"))
  }

  @Test func statusAndLogAfterRuns() throws {
    let workspace = try workspace()
    try workspace.drop(Self.base + "/inbox/issue.csv")
    #expect(try workspace.run(at: "2026-03-30T06:00:00Z").exitCode == 0)
    let held =
      "No,Date,Customer,Class,Amount,Cost,Note\nS8,2026-03-08,C8,goods,1.00,,\nS9,2026-03-08,C9,goods,2.00,,\n"
    try workspace.drop(Array(held.utf8), as: "issue-held.csv")
    #expect(try workspace.run(at: "2026-03-31T06:00:00Z").exitCode == 10)

    let status = try json(workspace.tallyman("status", "--json").output)
    #expect((status["waiting"] as? [Any])?.isEmpty == true)
    #expect((status["unfinished"] as? [Any])?.isEmpty == true)
    #expect(status["needsPerson"] as? Bool == true)
    let groups = try #require(status["held"] as? [[String: Any]])
    #expect(
      groups.compactMap { $0["cause"] as? String } == [
        "customer C8 is not known", "customer C9 is not known",
      ])
    #expect(groups.allSatisfy { $0["documents"] as? Int == 1 && $0["sinceRun"] as? Int == 2 })
    let last = try #require(status["lastRun"] as? [String: Any])
    #expect(last["run"] as? Int == 2)
    #expect((last["clock"] as? String)?.hasPrefix("2026-03-31T06:00:00") == true)

    let log = try workspace.tallyman("log", "--json").output.split(separator: "\n").map { try json($0) }
    #expect(log.compactMap { $0["run"] as? Int } == [2, 1])
    let files = try #require(log[1]["files"] as? [[String: Any]])
    #expect(files.compactMap { $0["name"] as? String } == ["issue.csv"])
    #expect((files.first?["sha256"] as? String)?.count == 64)
    #expect(log[1]["needsPerson"] as? Bool == false)
    #expect(try workspace.tallyman("log", "--json", "--count", "1").output.split(separator: "\n").count == 1)
  }

  @Test func statusAndLogForPeople() throws {
    let workspace = try workspace()
    #expect(try workspace.tallyman("log").output == "there has been no run yet\n")
    #expect(try workspace.tallyman("status").output.contains("the inbox is empty\n"))
    try workspace.drop(Self.base + "/inbox/issue.csv")
    try workspace.run()
    #expect(try workspace.tallyman("log").output.contains("issue.csv"))
    #expect(try workspace.tallyman("status").output.contains("nothing needs a person\n"))
  }

  @Test(arguments: [["rum"], ["run", "--fast"], ["log", "--count", "many"], ["run", "--workspace"]])
  func usage(_ arguments: [String]) throws {
    let workspace = try workspace()
    let result = try Program.tallyman.run(arguments, in: workspace.root)
    #expect(result.exitCode == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("Usage: tallyman"))
  }

  @Test(arguments: ["run", "check"])
  func everyFaultAtOnce(_ command: String) throws {
    let workspace = try workspace { text in
      text.replacing("format: csv", with: "format: cvs").replacing("code: S\n", with: "kode: S\n")
        .replacing("debit: Receivables", with: "debit: Receivable")
    }
    try workspace.drop(Self.base + "/inbox/issue.csv")
    let result = try workspace.tallyman(command)
    #expect(result.exitCode == 78)
    #expect(result.output.isEmpty)
    #expect(
      result.errors == """
        mappings/sales.yaml:9:11: error[bad-value]: "cvs" is not allowed here
          9 |   format: cvs
            |           ^^^
          help: did you mean "csv"? allowed: csv | xml | spreadsheetml
        mappings/sales.yaml:36:3: error[missing-key]: "code" is missing
          36 |   sales:
             |   ^^^^^
          help: add "code:" with a value here
        mappings/sales.yaml:37:5: error[unknown-key]: unknown key "kode"
          37 |     kode: S
             |     ^^^^
          help: did you mean "code"?
        mappings/sales.yaml:42:18: error[unknown-account]: the chart has no account or role "Receivable"
          42 |       - { debit: Receivable, amount: amount, by: { customer: customer } }
             |                  ^^^^^^^^^^
          help: did you mean "Receivables"?
        tallyman: 4 faults in the definitions; no file was opened

        """)
    #expect(try files(below: workspace.root + "/inbox") == ["issue.csv"], "no file is taken")
    #expect(try workspace.outbox().isEmpty)
  }

  @Test func checkAndRunFindTheSame() throws {
    for code in [FindingCode.yamlSyntax, .unknownKey, .optionalUnguarded, .tableValue, .fileNameAmbiguous] {
      let sample = try FindingSample(code)
      let workspace = try sample.workspace(.english)
      let check = try workspace.tallyman("check")
      let run = try workspace.tallyman("run")
      #expect(check.errors == run.errors)
      #expect([check.exitCode, run.exitCode] == [78, 78])
    }
  }

  @Test func checkOfWhatIsSound() throws {
    let result = try workspace().tallyman("check")
    #expect(result.exitCode == 0)
    #expect(result.output.contains("sales"))
    #expect(
      try Program.tallyman.run(["check"], in: Repository.root).exitCode == 0, "the repository is a workspace")
  }

  /// What may not be read stays and is told, and the rest is done. Root reads everything, unless it is told to do without.
  @Test func whatMayNotBeReadStays() throws {
    let workspace = try workspace()
    try workspace.drop(Self.base + "/inbox/issue.csv")
    try workspace.drop(Self.base + "/inbox/issue.csv", as: "issue-closed.csv")
    try FileManager.default.createDirectory(
      atPath: workspace.root + "/inbox/closed", withIntermediateDirectories: true)
    for name in ["issue-closed.csv", "closed"] {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0], ofItemAtPath: workspace.root + "/inbox/" + name)
    }
    let program =
      getuid() == 0
      ? ["/usr/bin/setpriv", "--bounding-set", "-dac_override,-dac_read_search", Program.tallyman.path]
      : [Program.tallyman.path]
    let result = try Program(path: program[0]).run(
      program.dropFirst() + ["run", "--workspace", workspace.root], in: workspace.root)
    #expect(result.exitCode == 10)
    for name in ["issue-closed.csv", "closed"] {
      #expect(result.errors.contains("\(name): warning[file-unreadable]: the file cannot be read"))
    }
    #expect(try workspace.outbox().contains { $0.hasPrefix("main_sales_") })
    #expect(try files(below: workspace.root + "/inbox") == ["issue-closed.csv"])
  }

  @Test func noWorkspace() throws {
    let result = try ScratchWorkspace().tallyman("run")
    #expect(result.exitCode == 78)
    #expect(!result.errors.isEmpty)
  }

  @Test func aSecondRunFindsTheDoorLocked() throws {
    let workspace = try workspace()
    try workspace.drop(Self.base + "/inbox/issue.csv")
    try write("pid 4711, since noon".utf8, to: workspace.root + "/.tallyman/lock")
    let holder = try Program(path: "/usr/bin/flock").start(
      ["--no-fork", workspace.root + "/.tallyman/lock", "/bin/sleep", "60"], in: workspace.root)
    defer { holder.end() }
    var result = try workspace.run()
    // Until flock has it, a run goes through, and nothing waits any more.
    for _ in 0..<50 where result.exitCode != 75 { result = try workspace.run() }
    #expect(result.exitCode == 75)
    #expect(result.errors.contains("pid "), "who holds it: \(result.errors)")
    #expect(try workspace.tallyman("status").exitCode == 0, "status needs no lock")
  }
}
