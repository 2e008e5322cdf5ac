import Foundation
import Ledger

@testable import Writers

/// A journal in a folder of its own, for programs to read.
final class Journal {
  private let folder: URL
  private let file: URL

  init(_ bytes: [UInt8], name: String = "v.journal") throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("tallyman-\(UUID().uuidString)")
    file = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Runs a program with the file among its arguments: behind `-f`, or where they have `FILE`.
  func read(with program: String, _ arguments: String...) throws -> (
    status: Int32, output: String, errors: String
  ) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [program]
      + (arguments.contains("FILE")
        ? arguments.map { $0 == "FILE" ? file.path : $0 } : ["-f", file.path] + arguments)
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

extension Sample {
  /// Three hundred vouchers, red ones among them, with memos that a format could stumble over.
  static func ofAllKinds() -> Sample {
    var sample = Sample()
    sample.book.chart = Chart(accounts: [
      Account(code: "1122", name: "应收  账款", kind: .asset),
      Account(code: "222101", name: "应交税费-销项税额", kind: .liability),
      Account(code: "5001", name: "主营业务收入", kind: .income),
      Account(code: "5401", name: "主营业务成本", kind: .expense),
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
    return sample
  }
}
