import Findings
import Foundation
import State
import Testing

@testable import Batch

/// A workspace in which tests drop files, run the batch and read what comes out.
final class Bench {
  let folder: String
  static let clock = "2026-03-21T06:00:00+08:00"
  static let mappings = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/mappings").path
  static let root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
  private let manager = FileManager.default

  init() throws {
    folder = Self.root + "/tallyman-batch-" + UUID().uuidString
    try manager.createDirectory(atPath: folder + "/inbox", withIntermediateDirectories: true)
    try manager.copyItem(atPath: Self.mappings, toPath: folder + "/mappings")
  }

  deinit { try? manager.removeItem(atPath: folder) }

  var workspace: Workspace { Workspace(folder) }

  /// Puts a complete file into the inbox.
  func drop(_ name: String, _ text: String) throws { try write("inbox/" + name, text) }

  func write(_ path: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(path)"))
  }

  func read(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(path)")), as: UTF8.self)
  }

  func exists(_ path: String) -> Bool { manager.fileExists(atPath: "\(folder)/\(path)") }

  func remove(_ path: String) throws { try manager.removeItem(atPath: "\(folder)/\(path)") }

  /// Paths under a folder, in order; folders themselves are left out.
  func files(in sub: String) -> [String] {
    (manager.subpaths(atPath: "\(folder)/\(sub)") ?? []).filter { path in
      var isFolder: ObjCBool = false
      return manager.fileExists(atPath: "\(folder)/\(sub)/\(path)", isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  func verify() throws -> Verification {
    let clock = try #require(RunClock(fixed: Self.clock))
    return try unlocked { try Verification(workspace, clock: clock) }
  }

  @discardableResult
  func run(
    clock: String = Bench.clock, stop: @escaping () -> Bool = { false }, doors: Doors = Doors(),
    spillBudget: Int = 64 << 20,
    progress: @escaping (_ file: String, _ rows: Int, _ bytes: Int64) -> Void = { _, _, _ in }
  ) throws -> Pipeline.Outcome {
    try waitForWriters()
    var pipeline = Pipeline(
      workspace, clock: try #require(RunClock(fixed: clock)), progress: progress, shouldStop: stop)
    pipeline.doors = doors
    pipeline.spillBudget = spillBudget
    let ready = pipeline
    return try unlocked { try ready.run() }
  }

  /// A process that another test has just begun may, for a moment, also have the lock that a run has just let go of.
  func unlocked<Value>(_ body: () throws -> Value) throws -> Value {
    for _ in 0..<1000 {
      do { return try body() } catch WorldError.locked { usleep(1000) }
    }
    return try body()
  }

  /// A process that another test has just begun may, for a moment, have a file of ours open, and then the file would
  /// wait for the next run.
  func waitForWriters(but written: String? = nil) throws {
    for _ in 0..<1000 {
      guard exists("inbox"),
        try Inbox(workspace.inbox, settle: 0).waiting
          .contains(where: { $0.reason == .written && $0.name != written })
      else { return }
      usleep(1000)
    }
  }

  func state<Value>(_ body: (StateStore) throws -> Value) throws -> Value {
    let state = try #require(try StateStore.openToRead(at: workspace.state.description))
    defer { try? state.close() }
    return try body(state)
  }

  // MARK: - What came out

  /// All files that have a part in the outbox's vouchers, in order of name.
  func vouchers() throws -> [VoucherLine] {
    try files(in: "outbox").filter { $0.hasPrefix("main_sales_2") }.flatMap {
      try VoucherLine.all(try read("outbox/" + $0))
    }
  }

  func log(run: Int) throws -> ReconciliationLines {
    ReconciliationLines(try read("outbox/reconciliation_\(String(format: "%06d", run)).csv"))
  }

  /// The rows that went back, without the five columns that say why.
  func rejectedRows(run: Int) throws -> [String] {
    let names = files(in: "outbox").filter {
      $0.hasPrefix("main_sales_rejects_\(String(format: "%06d", run))")
    }
    return try names.flatMap { name in
      try read("outbox/" + name).split(separator: "\r\n").dropFirst().map { row in
        row.split(separator: ",", omittingEmptySubsequences: false).prefix(10).joined(separator: ",")
      }
    }
  }
}

/// One line of the trial profile: an entry with its voucher.
struct VoucherLine: Hashable {
  var id: String
  var date: String
  var attachments: String
  var source: String
  var memo: String
  var account: String
  /// In hundredths.
  var debit: Int
  var credit: Int
  var quantity: String
  var dimensions: String

  static func all(_ text: String) throws -> [VoucherLine] {
    try text.split(separator: "\n").dropFirst().map { line in
      let cells = Self.cells(line)
      try #require(cells.count == 12)
      return VoucherLine(
        id: cells[0], date: cells[1], attachments: cells[3], source: cells[4], memo: cells[6],
        account: cells[7],
        debit: try hundredths(cells[8]), credit: try hundredths(cells[9]), quantity: cells[10],
        dimensions: cells[11])
    }
  }

  /// A comma within quotes divides nothing.
  private static func cells(_ line: Substring) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells
  }

  private static func hundredths(_ text: String) throws -> Int {
    if text.isEmpty { return 0 }
    return try #require(Int(text.replacing(".", with: "")))
  }
}

extension [VoucherLine] {
  /// The vouchers whatever their IDs: each as its lines in order, all of them in order.
  var withoutIDs: [[VoucherLine]] {
    Dictionary(grouping: self, by: \.id).values.map { lines in
      lines.map { line in
        var line = line
        line.id = ""
        return line
      }.sorted { "\($0)" < "\($1)" }
    }.sorted { "\($0)" < "\($1)" }
  }

  func debits(_ account: String) -> Int { filter { $0.account == account }.reduce(0) { $0 + $1.debit } }
}

/// The reconciliation log as a program reads it.
struct ReconciliationLines {
  private var whole: [String: String] = [:]
  private(set) var differences: Set<String> = []

  init(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 6 else { continue }
      if cells[4] == "difference" { differences.insert(cells[5]) }
      if cells[2].isEmpty { whole["\(cells[3]) \(cells[4])"] = cells[5] }
    }
  }

  /// Of the whole run, digits only.
  func amount(_ subject: String, _ bucket: String) -> Int? {
    whole["\(subject) \(bucket)"].flatMap { Int($0.replacing(".", with: "")) }
  }
}
