import Foundation
import Testing

/// What an inbox can bring that was never meant well, through the whole program: each file ends as documented, the
/// others are done, and nothing of it drives a terminal or a spreadsheet.
@Suite struct HostileTests {
  private static let base = Repository.samples + "/findings/base"
  private static let header = "No,Date,Customer,Class,Amount,Cost,Note\n"

  private func workspace() throws -> ScratchWorkspace {
    try ScratchWorkspace(mappings: Self.base + "/mappings")
  }

  private func row(_ no: String, _ amount: String = "1.00", note: String = "") -> String {
    "\(no),2026-03-05,C1,goods,\(amount),,\(note)\n"
  }

  /// Everything that a run and the commands after it say, and what the log holds.
  private func said(_ workspace: ScratchWorkspace) throws -> [(where: String, text: String)] {
    let run = try workspace.run()
    var said = [("run", run.output + run.errors)]
    for command in [["status"], ["status", "--json"], ["log"], ["log", "--json"], ["check"]] {
      let result = try Program.tallyman.run(command + ["--workspace", workspace.root], in: workspace.root)
      said.append((command.joined(separator: " "), result.output + result.errors))
    }
    for name in try workspace.outbox() where !name.hasPrefix("main_") {
      said.append((name, try workspace.text("outbox/" + name)))
    }
    return said
  }

  private func controls(_ text: String) -> [String] {
    text.unicodeScalars.filter { scalar in
      switch scalar.value {
      case 0x0A: false
      case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
      default: false
      }
    }.map { String($0.value, radix: 16) }
  }

  @Test func nothingDrivesTheTerminalOrTheLog() throws {
    let nasty =
      "\u{1B}]0;x\u{7}\u{1B}[2J\u{8}\u{7F}\u{85}\u{9B}31m\u{202E}gpj\u{2066}\u{2069}\u{200F}\u{2028}"
    let workspace = try workspace()
    try workspace.edit("mappings/sales.yaml") {
      $0.replacing("\"customer {customer} is not known\"", with: "\"{customer} {no}\"")
    }
    // Held, rejected, posted without a voucher, unreadable, repeated; in keys, codes, dates and notes.
    let text =
      Self.header + row("S1\(nasty)", note: nasty) + row("S2\(nasty)", nasty) + row("S3\(nasty)", "0.00")
      + "S4\(nasty),2026-03-05,C\(nasty),goods,1.00,,\n" + "S5,\(nasty),C1,\(nasty),1.00,,\n"
      + "S6,2026-03-05,C1,goods,\"1\"\(nasty),,\n" + row("S7", "1.00,,\(nasty)")
    try workspace.drop(Array(text.utf8), as: "issue \(nasty).csv")
    try workspace.drop(Array("a,b\(nasty)\n1,2\n".utf8), as: "letter\n\(nasty).csv")
    try workspace.drop([], as: "issue-empty\(nasty).csv")
    for (place, text) in try said(workspace) {
      let found = controls(place.hasSuffix(".csv") ? text.replacing("\r\n", with: "\n") : text)
      #expect(found.isEmpty, "\(place): \(found)")
      #expect(!text.isEmpty)
    }
    // The second time most of it is repeated or still waits.
    try workspace.drop(Array(text.utf8), as: "issue again\(nasty).csv")
    for (place, text) in try said(workspace) {
      #expect(controls(text.replacing("\r\n", with: "\n")).isEmpty, "\(place)")
    }
    // What goes back keeps its bytes.
    let rejects = try workspace.outbox().filter { $0.contains("rejects_000001") }
    #expect(!rejects.isEmpty)
    for name in rejects {
      let kept = try workspace.text("outbox/" + name).contains(nasty)
      #expect(kept, "\(name)")
    }
  }

  @Test(arguments: [
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", " =1", "\u{3000}=1", "＝1+1", "\u{200B}=1",
  ])
  func noFormulaReachesAVoucher(formula: String) throws {
    let workspace = try workspace()
    let quoted = "\"" + formula + "\""
    try workspace.edit("mappings/tables/customers.csv") { $0 + quoted + ",x\n" }
    try workspace.edit("mappings/sales.yaml") {
      $0.replacing("memo: \"Sale {no}\"", with: "memo: \"{no}\"")
        .replacing("text   = Customer", with: "text   = Customer\n  note:     text   = Note")
    }
    try workspace.edit("mappings/profiles/vouchers.yaml") {
      $0.replacing(
        "  account:", with: "  customer: entry.dimension(\"customer\")\n  source: voucher.source\n  account:")
    }
    let text =
      Self.header + "\(quoted),2026-03-05,\(quoted),goods,-12.50,,\(quoted)\n"
      + "\"\(formula)2\",2026-03-05,C1,goods,-1x,,\(quoted)\n"
    try workspace.drop(Array(text.utf8), as: "issue.csv")
    _ = try workspace.run()
    let names = try workspace.outbox()
    let vouchers = try #require(names.first { $0.hasPrefix("main_sales_2026") })
    let rows = cells(of: try workspace.text("outbox/" + vouchers))
    #expect(rows.count == 3)
    for row in rows.dropFirst() {
      for cell in row where cell.contains("1") && !cell.hasPrefix("-12.50") {
        #expect(
          !["=", "+", "-", "@", "＝", "\t"].contains(cell.trimmingCharacters(in: .whitespaces).prefix(1)),
          "\(cell)")
      }
    }
    // Memo and source in both entries, the customer in one.
    #expect(rows.joined().count { $0.hasPrefix("'") } == 5)
    #expect(rows[1].contains("-12.50") || rows[2].contains("-12.50"), "numbers stay numbers")
    // What goes back keeps its bytes, and what we say of it is guarded.
    let rejects = try #require(names.first { $0.contains("rejects") })
    let back = try workspace.text("outbox/" + rejects)
    #expect(back.contains("2026-03-05,C1,goods,-1x,,\(quoted),"))
  }

  @Test func ourWordsInARejectFileAreNoFormula() throws {
    let workspace = try workspace()
    try workspace.edit("mappings/sales.yaml") {
      $0.replacing(
        "- hold unless customer in customers: \"customer {customer} is not known\"",
        with: "- reject unless amount > 0: \"{no}\"")
    }
    try workspace.drop(Array((Self.header + row("=S1", "-1.00")).utf8), as: "issue.csv")
    _ = try workspace.run()
    let rejects = try #require(try workspace.outbox().first { $0.contains("rejects") })
    let row = cells(of: try workspace.text("outbox/" + rejects))[1]
    #expect(row[0] == "=S1")
    #expect(row[row.count - 2] == "'=S1")
  }

  /// A small system, on which the converters of the C library are a package that nobody has installed.
  @Test(.enabled(if: environment["TALLYMAN_SANITIZED"] == nil))
  func withoutAConverterNothingIsOpened() throws {
    let workspace = try workspace()
    try workspace.drop(Array((Self.header + row("G1")).utf8), as: "issue good.csv")
    let module = try #require(
      ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu/gconv/GB18030.so" }.first {
        FileManager.default.fileExists(atPath: $0)
      })
    let result = try Program(path: "/usr/bin/strace").run(
      [
        "-f", "-qq", "-o", workspace.root + "/.trace", "-P", module, "-e", "inject=openat:error=ENOENT",
        Program.tallyman.path, "run", "--workspace", workspace.root,
      ],
      in: workspace.root)
    #expect(result.exitCode == 74)
    #expect(result.errors.contains("GB18030") && result.errors.contains("gconv"))
    #expect(try files(below: workspace.root + "/inbox") == ["issue good.csv"])
  }

  private static let environment = ProcessInfo.processInfo.environment
  private static let megabytes = environment["TALLYMAN_TORTURE"] == "whole" ? 1024 : 64

  /// Each is dropped beside a good file, which is posted. (A sanitizer takes all the address space there is.)
  @Test(
    .enabled(if: environment["TALLYMAN_SANITIZED"] == nil),
    arguments: [
      ("one line", "row-too-long", true), ("quotes", "", true), ("columns", "too-many-columns", false),
      ("cells", "cell-count", true), ("header", "header-missing", false),
      ("UTF-16", "file-wrong-kind", false),
      ("one document", "document-too-long", true),
    ])
  func endsAsDocumented(kind: String, code: String, isTaken: Bool) throws {
    let workspace = try workspace()
    if kind == "one document" {
      try workspace.edit("mappings/workspace.yaml") { $0 + "limits: { document_bytes: 1000000 }\n" }
    }
    try workspace.drop(Array((Self.header + row("G1")).utf8), as: "issue good.csv")
    try hostile(kind, at: workspace.root + "/.aside", megabytes: Self.megabytes)
    try workspace.drop(workspace.root + "/.aside", as: "issue bad.csv")
    // Address space, of which a program uses a part.
    let limit = "ulimit -v \(900 * 1024); exec \"$@\""
    let result = try Program(path: "/bin/bash").run(
      [
        "-c", limit, "-", Program.tallyman.path, "run", "--workspace", workspace.root, "--clock",
        "2026-03-31T06:00:00Z",
      ],
      in: workspace.root)
    #expect(result.exitCode == 10, "\(result.errors)")
    let log = try workspace.text("outbox/reconciliation_000001.txt")
    #expect((log + result.errors).contains("[\(code)]") || code.isEmpty)
    #expect(try workspace.outbox().contains("main_sales_2026-03_000001.csv"), "the good file is posted")
    #expect(try files(below: workspace.root + "/inbox") == (isTaken ? [] : ["issue bad.csv"]))
    #expect(log.utf8.count < 100_000 && result.errors.utf8.count < 100_000)
  }

  /// Written a piece at a time, so that these tests themselves stay small.
  private func hostile(_ kind: String, at path: String, megabytes: Int) throws {
    try write([], to: path)
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    defer { try? file.close() }
    func add(_ text: String) throws { try file.write(contentsOf: Data(text.utf8)) }
    func repeated(_ text: String, megabytes: Int) throws {
      let piece = String(repeating: text, count: (1 << 20) / text.utf8.count + 1)
      for _ in 0..<megabytes { try add(piece) }
    }
    switch kind {
    case "one line":
      try add(Self.header + "S1,2026-03-05,C1,goods,")
      try repeated("x", megabytes: megabytes)
      try add("\n" + row("S2"))
    case "quotes":
      try add(Self.header)
      try repeated("\"", megabytes: megabytes)
      try add("\n" + row("S2"))
    case "columns":
      try repeated("No,Date,Customer,", megabytes: 6)
      try add("\n" + row("S2"))
    case "cells":
      try add(Self.header + "S1,2026-03-05,C1,goods,1.00,,")
      try repeated("x,", megabytes: 2)
      try add("\n" + row("S2"))
    case "header":
      try repeated("x", megabytes: 2)
      try add("\n" + Self.header + row("S2"))
    case "one document":
      try add(Self.header)
      try repeated(row("S1"), megabytes: 2)
    default:
      let units = (Self.header + row("S1")).utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      try file.write(contentsOf: Data(units))
    }
  }
}
