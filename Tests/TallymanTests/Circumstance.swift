import Findings
import Foundation
import Testing

/// What has to happen around a run for a finding to come: mostly nothing but the files; for some, the world.
struct Circumstance {
  private let code: FindingCode

  init(of code: FindingCode) { self.code = code }

  /// Drops and runs; everything that was then said to a person.
  func provoke(
    _ sample: FindingSample, in workspace: ScratchWorkspace, _ locale: [String: String]
  ) throws -> String {
    func run() throws -> String {
      try workspace.tallyman("run", "--clock", "2026-03-31T06:00:00Z", environment: locale).errors
    }
    var said = ""
    for (step, names) in sample.drops.enumerated() {
      for name in names { try workspace.drop("\(workspace.root)/drop/\(name)") }
      if step == 0 { said += try prepare(workspace, run, locale) }
      if step == 1 { try change(workspace) }
      said += try run()
    }
    said += try finish(workspace, locale)
    return said + (try Self.reports(in: workspace))
  }

  /// Before the first run, with the first files in the inbox.
  private func prepare(
    _ workspace: ScratchWorkspace, _ run: () throws -> String, _ locale: [String: String]
  ) throws -> String {
    let manager = FileManager.default
    let inbox = workspace.root + "/inbox/"
    let isRoot = getuid() == 0
    switch code {
    case .fileAmbiguous:
      let other = try workspace.text("mappings/sales.yaml").replacing(
        "interface: sales", with: "interface: issues")
      try write(
        other.replacing("code: SI", with: "code: IS").utf8, to: workspace.root + "/mappings/issues.yaml")
    case .fileEmpty: try workspace.drop([], as: "issue-empty.csv")
    case .fileNotRegular:
      try manager.createSymbolicLink(
        atPath: inbox + "issue-link.csv", withDestinationPath: "../drop/issue.csv")
    case .fileUnreadable:
      try manager.setAttributes([.posixPermissions: 0], ofItemAtPath: inbox + "issue.csv")
      // Root reads everything, unless it is told to do without.
      guard isRoot else { break }
      return try Program(path: "/usr/bin/setpriv").run(
        [
          "--bounding-set", "-dac_override,-dac_read_search", Program.tallyman.path, "run", "--workspace",
          workspace.root,
        ],
        in: workspace.root
      ).errors
    case .outboxNameTaken: try write([], to: workspace.root + "/outbox/main_sales_2026-03_000001.csv")
    case .fileWithdrawn, .fileReplaced:
      // The run plans, and can't take: what it planned has changed when the next one goes on.
      let blocked = workspace.root + "/.tallyman/taken/000001"
      try write([], to: blocked)
      _ = try run()
      try manager.removeItem(atPath: blocked)
      try manager.removeItem(atPath: inbox + "issue.csv")
      if code == .fileReplaced { try workspace.drop(workspace.root + "/drop/issue.csv") }
    case .documentAdopted, .adoptedChanged:
      return try workspace.tallyman(
        "adopt", "drop/issue-old.csv", "--clock", "2026-03-31T06:00:00Z", environment: locale
      ).errors
    case .periodClosed, .periodMoved, .periodOtherYear, .periodWasClosed:
      return try period(["close", "2026-03"], workspace, locale)
    case .fileQuarantined:
      // The run plans and takes, and stops; twice more it finds the marks of a process that crashed at the file.
      let blocked = workspace.root + "/archive/definitions"
      try write([], to: blocked)
      for _ in 0..<2 {
        _ = try run()
        try write("1 1".utf8, to: workspace.root + "/.tallyman/parsing")
        try write([], to: workspace.root + "/.tallyman/crashed")
      }
      try manager.removeItem(atPath: blocked)
    default: break
    }
    return ""
  }

  /// Between the first run and the second.
  private func change(_ workspace: ScratchWorkspace) throws {
    switch code {
    case .entriesLost:
      try FileManager.default.removeItem(atPath: workspace.root + "/archive/entries/000001.entries")
    case .bookChanged:
      try workspace.edit("mappings/sales.yaml") { $0.replacing("book: main", with: "book: shop") }
    case .postingGone:
      try workspace.edit("mappings/sales.yaml") { $0.replacing("code: SI", with: "code: SJ") }
    case .accountGone:
      try workspace.edit("mappings/tables/accounts.csv") { $0.replacing("1100.01", with: "1100.02") }
    case .waitingOtherKey:
      try workspace.edit("mappings/sales.yaml") { $0.replacing("key: [no]", with: "key: [no, customer]") }
    default: break
    }
  }

  private func finish(_ workspace: ScratchWorkspace, _ locale: [String: String]) throws -> String {
    func path(_ folder: String, _ ending: String) throws -> String {
      let names = (FileManager.default.subpaths(atPath: workspace.root + "/" + folder) ?? []).sorted()
      return try "\(workspace.root)/\(folder)/" + #require(names.first { $0.hasSuffix(ending) })
    }
    let state = workspace.root + "/.tallyman/state.sqlite"
    switch code {
    case .rowOfRejected: return try saidInRejectFile(workspace, locale)
    case .rejectKeyChanged:
      let reject = try path("outbox", "_000001_1.csv")
      let spoilt = try String(contentsOfFile: reject, encoding: .utf8).replacing("S1,", with: "1,")
        .replacing("twenty", with: "20.00")
      try workspace.drop(Array(spoilt.utf8), as: "mended.csv")
      return try workspace.tallyman("run", "--clock", "2026-03-31T06:00:00Z", environment: locale).errors
    case .rejectRowsChanged:
      let rows = try String(contentsOfFile: try path("outbox", "_000001_1.csv"), encoding: .utf8)
        .split(whereSeparator: \.isNewline)
      try workspace.drop(Array(rows.dropLast().joined(separator: "\n").utf8), as: "mended.csv")
      return try workspace.tallyman("run", "--clock", "2026-03-31T06:00:00Z", environment: locale).errors
    case .documentDismissed:
      return try workspace.tallyman(
        "holds", "--dismiss", "S2", "--reason", "cancelled by the customer", "--clock",
        "2026-03-31T06:00:00Z",
        environment: locale.merging(["USER": "anna", "SUDO_USER": "anna"]) { $1 }
      ).errors
    case .periodForced:
      let force = ["--force", "--reason", "the tax office wants it today"]
      return try period(["close", "2026-03"] + force, workspace, locale)
    case .monthGathered: return try period(["gather", "2026-03"], workspace, locale)
    case .periodWasOpened:
      _ = try period(["close", "2026-03"], workspace, locale)
      return try period(["open", "2026-03"], workspace, locale)
    case .documentAccepted:
      return try workspace.tallyman(
        "holds", "--accept", "S2", "--reason", "the customer has signed it", "--clock",
        "2026-03-31T06:00:00Z",
        environment: locale.merging(["USER": "anna", "SUDO_USER": "anna"]) { $1 }
      ).errors
    case .postedHere:
      return try workspace.tallyman(
        "adopt", "drop/issue-again.csv", "--clock", "2026-03-31T06:00:00Z", environment: locale
      ).errors
    case .codeTaken:
      try workspace.edit("mappings/sales.yaml") { text in
        let copy = text.split(separator: "postings:\n")[1].split(separator: "write:")[0]
        return text.replacing("code: S\n", with: "code: T\n")
          .replacing("write:\n", with: copy.replacing("  sales:\n", with: "  fees:\n") + "write:\n")
      }
      return try workspace.tallyman("check", environment: locale).errors
    case .bookCodeChanged:
      try workspace.edit("mappings/books/main.yaml") { $0.replacing("code: B", with: "code: C") }
      return try workspace.tallyman("run", "--clock", "2026-03-31T06:00:00Z", environment: locale).errors
    case .keyChanged:
      try workspace.edit("mappings/sales.yaml") { $0.replacing("key: [no]", with: "key: [no, customer]") }
      return try workspace.tallyman("check", environment: locale).errors
    case .documentReposted, .repostOrdered:
      try workspace.edit("mappings/tables/income.csv") { $0.replacing("service,4020", with: "service,4010") }
      return try workspace.tallyman(
        "repost", "sales", "--period", "2026-03", "--reason", "services are goods from now on", "--clock",
        "2026-03-31T06:00:00Z",
        environment: locale.merging(["USER": "anna", "SUDO_USER": "anna"]) { $1 }
      ).errors
    case .repostKept:
      try workspace.edit("mappings/tables/income.csv") { $0.replacing("service,4020", with: "service,4010") }
      try workspace.edit("mappings/tables/customers.csv") { text in
        text.split(separator: "\n").filter { !$0.hasPrefix("C2,") }.joined(separator: "\n") + "\n"
      }
      return try workspace.tallyman(
        "repost", "sales", "--period", "2026-03", "--clock", "2026-03-31T06:00:00Z", environment: locale
      ).errors
    case .voucherVoided: return try void(workspace, locale)
    case .voucherIsVoid:
      _ = try void(workspace, locale)
      try workspace.drop("\(workspace.root)/drop/answer-again.csv")
      return try workspace.tallyman("run", "--clock", "2026-03-31T06:00:00Z", environment: locale).errors
    case .vouchersSilent:
      return try workspace.tallyman("run", "--clock", "2026-04-05T06:00:00Z", environment: locale).errors
    case .headUnknown:
      return try workspace.tallyman(
        "verify", "--head", String(repeating: "0123456789abcdef", count: 4), environment: locale
      ).errors
    case .stateDamaged: try write(String(repeating: "not a database ", count: 400).utf8, to: state)
    case .stateBehind: try FileManager.default.removeItem(atPath: state)
    case .stateDiffers:
      let posted = Array("\"posted\":2".utf8)
      try write(
        bytes(of: state).split(separator: posted).joined(separator: Array("\"posted\":9".utf8)), to: state)
    case .recordMissing:
      try FileManager.default.removeItem(atPath: try path("archive/records", "000001.jsonl"))
    case .recordChanged: try append("{}\n", to: try path("archive/records", ".jsonl"))
    case .archivedFileMissing:
      try FileManager.default.removeItem(atPath: try path("archive", "_issue.csv"))
    case .archivedFileChanged: try append("x", to: try path("archive", "_issue.csv"))
    case .publishedFileChanged: try append("x", to: try path("outbox", "main_sales_2026-03_000001.csv"))
    default: return ""
    }
    return try workspace.tallyman("verify", environment: locale).errors
  }

  private func period(
    _ arguments: [String], _ workspace: ScratchWorkspace, _ locale: [String: String]
  ) throws -> String {
    try Program.tallyman.run(
      ["period"] + arguments + ["--clock", "2026-03-31T06:00:00Z", "--workspace", workspace.root],
      in: workspace.root, environment: locale.merging(["USER": "anna", "SUDO_USER": "anna"]) { $1 }
    ).errors
  }

  private func void(_ workspace: ScratchWorkspace, _ locale: [String: String]) throws -> String {
    try workspace.tallyman(
      "vouchers", "--void", "B-SI-S-00000001", "--reason", "the customer is no customer of ours", "--clock",
      "2026-03-31T06:00:00Z", environment: locale.merging(["USER": "anna", "SUDO_USER": "anna"]) { $1 }
    ).errors
  }

  private func append(_ text: String, to path: String) throws {
    try write(bytes(of: path) + text.utf8, to: path)
  }

  /// It is told in the reject file alone.
  private func saidInRejectFile(_ workspace: ScratchWorkspace, _ locale: [String: String]) throws -> String {
    var said = ""
    for name in try workspace.outbox() where name.contains("_000001_1.csv") {
      let rows = cells(of: try workspace.text("outbox/" + name))
      for row in rows where row.contains(code.rawValue) {
        let (reject, help) = locale.values.contains { $0.hasPrefix("zh") } ? ("退回", "办法") : ("reject", "help")
        said +=
          "\(row[0]): \(reject)[\(code.rawValue)]: \(row[row.count - 2])\n  \(help): \(row[row.count - 1])\n"
      }
    }
    return said
  }

  private static func reports(in workspace: ScratchWorkspace) throws -> String {
    try workspace.outbox().filter { $0.hasPrefix("reconciliation_") && $0.hasSuffix(".txt") }
      .map { try workspace.text("outbox/" + $0).replacing(/(?m)^ {2}/, with: "") }
      .joined(separator: "\n")
  }
}
