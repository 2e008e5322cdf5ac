import Foundation
import Ledger
import Testing

@testable import Writers

/// The real program reads what the profile writes, and must come to our balances.
@Suite struct HledgerTests {
  @Test func journalIsPinned() {
    var sample = Sample()
    let set = sample.set(["客户": "C001", "部门": "D01"])
    sample.add("2026-03-05", amount: 113_00, memo: "销售出库 XS-1", set: set)
    #expect(
      sample.text(workspaceProfile("hledger")) == """
        ; 示例商贸有限公司 · main · 2026-03
        commodity CNY 1000.0000
        account 1122 应收账款
        account 5001 主营业务收入

        2026-03-05 (A-XS-R-00000001) 销售出库 XS-1
            ; type:记, number:1, attachments:1, prepared_by:理货员
            ; source:XS-1
            1122 应收账款  CNY 113.00  ; side:debit
            ; 客户:C001, 部门:D01
            5001 主营业务收入  CNY -113.00  ; side:credit

        """)
  }

  @Test func hledgerChecksAndBalancesEqualOurs() throws {
    var sample = Sample()
    sample.book.chart = Chart(accounts: [
      Account(code: "1122", name: "应收  账款"), Account(code: "222101", name: "应交税费-销项税额"),
      Account(code: "5001", name: "主营业务收入"), Account(code: "5401", name: "主营业务成本"),
    ])
    let memos = ["销售出库", "换行\n    1122 应收账款  CNY 5.00", "", "a  b\tc", "(括号) = ~ ! *", "\"引号\" | x"]
    var seed: UInt64 = 7
    for index in 0..<300 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let sign: Int64 = index % 7 == 0 ? -1 : 1
      let (net, tax) = (sign * Int64(seed >> 40), sign * Int64(seed >> 44))
      let set = sample.set(["客户": "C\(index % 40)", "部门": "销售 \(index % 3)"])
      let unit = sample.dimensions.codes.intern("箱")
      sample.add(
        "2026-03-\(index % 28 + 1)", memo: memos[index % memos.count], source: "XS-\(index)",
        [
          Entry(account: Sample.receivable, side: .debit, amount: net + tax, dimensions: set),
          Entry(
            account: Sample.revenue, side: .credit, amount: net, quantity: sign * 3_000_000, unit: unit,
            rule: 1),
          Entry(account: Sample.tax, side: .credit, amount: tax, rule: 2),
        ])
    }
    let profile = workspaceProfile("hledger")
    let file = try #require(sample.files(profile).first)
    var bytes: [UInt8] = []
    var writer = ProfileWriter(profile: profile, batch: sample.batch, context: sample.context)
    let totals = writer.write(file) { (chunk: inout [UInt8]) in bytes += chunk }
    let journal = try Journal(bytes)

    let check = try journal.hledger("check", "-s")
    #expect(check.status == 0, "\(check.errors)")
    let balances = try journal.hledger("bal", "--flat", "-N", "-E", "-O", "csv")
    #expect(balances.status == 0, "\(balances.errors)")
    let theirs = Set(balances.output.split(separator: "\n").dropFirst())
    let names = ["1122 应收 账款", "222101 应交税费-销项税额", "5001 主营业务收入"]
    let ours = names.indices.map { account in
      let sums = totals.sums(account: account)
      return "\"\(names[account])\",\"CNY \(Decimal(units: sums.debits - sums.credits, scale: 2)).\""
    }
    // hledger shows the four decimals of its commodity.
    #expect(theirs == Set(ours.map { Substring($0.replacing(".\"", with: "00\"")) }))
    let count = try journal.hledger("stats")
    #expect(count.output.contains("300"))
  }

  /// The check above could not fail if hledger let a cent pass.
  @Test func hledgerRefusesADifferenceOfLessThanACent() throws {
    var sample = Sample()
    sample.add("2026-03-05", amount: 113_00)
    let text = sample.text(workspaceProfile("hledger")).replacing("CNY -113.00", with: "CNY -113.0010")
    #expect(try Journal(Array(text.utf8)).hledger("check", "-s").status != 0)
  }
}

/// A journal in a folder of its own.
private final class Journal {
  private let folder: URL
  private var file: URL { folder.appendingPathComponent("v.journal") }

  init(_ bytes: [UInt8]) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("tallyman-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func hledger(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["hledger", "-f", file.path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C.UTF-8"]) { $1 }
    let output = folder.appendingPathComponent("out")
    let errors = folder.appendingPathComponent("err")
    for stream in [output, errors] { _ = FileManager.default.createFile(atPath: stream.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, try String(contentsOf: output, encoding: .utf8),
      try String(contentsOf: errors, encoding: .utf8)
    )
  }
}
