import ArgumentParser
import Batch
import Findings
import Foundation
import Reconciliation

struct HoldsCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "holds", abstract: "The documents that are held, by cause, with their age and amounts.")

  @OptionGroup var workspace: WorkspaceOption

  @Flag(name: .long, help: "One JSON object a line.")
  var json = false

  @Option(name: .long, help: "Stop waiting for the held document with this key: its rows are ignored.")
  var dismiss: String?

  @Option(
    name: .long,
    help:
      "The held document with this key is right, though it changed or is as it was before: what was posted is corrected."
  )
  var accept: String?

  @Option(name: .long, help: "The interface of the document, where several have one of that key.")
  var interface: String?

  @OptionGroup var dismissing: DismissingOptions

  func run() throws {
    guard accept == nil || dismiss == nil else {
      throw ValidationError("--accept and --dismiss exclude each other")
    }
    if let accept {
      return try dismissing.dismiss(.accepted(interface: interface, key: accept), in: workspace.value)
    }
    if let dismiss {
      return try dismissing.dismiss(.held(interface: interface, key: dismiss), in: workspace.value)
    }
    let list = try WaitingList.held(workspace.value, now: RunClock())
    if json { return Waiting.showJSON(list.groups) }
    let language = try CompiledDefinitions(of: workspace.value).language
    Waiting.show(list, WaitingWording.holds, in: language)
    if list.groups.contains(where: { $0.missing != nil }) {
      Terminal.say(WaitingWording.codesMissing.text(in: language))
    }
  }
}

struct PendingCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "pending",
    abstract: "Posted documents with a posting that waits for a value, or for the end of its month, by cause."
  )

  @OptionGroup var workspace: WorkspaceOption

  @Flag(name: .long, help: "One JSON object a line.")
  var json = false

  func run() throws {
    let list = try WaitingList.pending(workspace.value, now: RunClock())
    if json { return Waiting.showJSON(list.groups) }
    Waiting.show(list, WaitingWording.pending, in: try CompiledDefinitions(of: workspace.value).language)
  }
}

struct RejectsCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "rejects",
    abstract: "The rejected documents that have not come back mended, by cause, with their age and amounts.")

  @OptionGroup var workspace: WorkspaceOption

  @Flag(name: .long, help: "Every document by itself, with its reject number and the file to mend.")
  var list = false

  @Flag(name: .long, help: "One JSON object a line.")
  var json = false

  @Option(name: .long, help: "Stop waiting for the reject with this number: it will not be mended.")
  var dismiss: String?

  @OptionGroup var dismissing: DismissingOptions

  func run() throws {
    if let dismiss { return try dismissing.dismiss(.reject(dismiss), in: workspace.value) }
    let open = try WaitingList.rejected(workspace.value, now: RunClock())
    if json {
      if list {
        for reject in open.rejects { Terminal.say(reject.json) }
      } else {
        Waiting.showJSON(open.groups)
      }
      return
    }
    let language = try CompiledDefinitions(of: workspace.value).language
    Waiting.show(open, WaitingWording.rejects, in: language)
    guard list else {
      if !open.groups.isEmpty { Terminal.say(WaitingWording.listShowsEach.text(in: language)) }
      return
    }
    for reject in open.rejects {
      Terminal.say(
        WaitingWording.reject.text(
          in: language,
          [
            reject.number, reject.document, reject.file, String(reject.line), reject.reason,
            reject.rejectFile,
            String(reject.sinceRun),
          ]
        ).printable)
    }
  }
}

/// How a document is dismissed: by whom, and why.
struct DismissingOptions: ParsableArguments {
  @Option(name: .long, help: "Why; the reconciliation log keeps it.")
  var reason: String?

  @Option(name: .long, help: "The run's time, for tests: ISO 8601 with offset; its own date is the run's.")
  var clock: String?

  func dismiss(_ subject: Dismissal.Subject, in workspace: Workspace) throws {
    guard let reason, !reason.isEmpty else { throw ValidationError("--dismiss and --accept want a --reason") }
    let by = Terminal.person
    let pipeline = Pipeline(workspace, clock: try RunClock.option(clock))
    switch try pipeline.dismiss(Dismissal(subject, by: by, reason: reason)) {
    case .refused(let why):
      let language = try CompiledDefinitions(of: workspace).language
      let said =
        switch why {
        case .nothingWaits: WaitingWording.nothingWaits.text(in: language)
        case .several(let interfaces):
          WaitingWording.severalWait.text(in: language, [interfaces.joined(separator: ", ")])
        case .heldOtherwise(let causes):
          WaitingWording.heldOtherwise.text(in: language, [causes.joined(separator: "; ")])
        }
      Terminal.complain(said)
      throw ExitCode(64)
    case .done(let outcome), .unpublished(let outcome):
      RunSummaryText(outcome, workspace: workspace).show()
      if outcome.exitCode == 74 { throw ExitCode(74) }
    }
  }
}

struct CodesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codes", abstract: "Code tables.", subcommands: [MissingCodesCommand.self])
}

struct MissingCodesCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "missing",
    abstract: "Writes the codes that held documents wait for as CSV to fill in, a file for each code table.",
    discussion: """
      Each file has the table's own header. Fill in the other cells, add the rows to the table in mappings/, and the next
      run posts what waited.
      """)

  @OptionGroup var workspace: WorkspaceOption

  @Option(name: .shortAndLong, help: "The folder to write to.")
  var output = "."

  func run() throws {
    let missing = try MissingCodes(workspace.value, now: RunClock())
    let language = try CompiledDefinitions(of: workspace.value).language
    if missing.tables.isEmpty { Terminal.say(WaitingWording.noCodeMissing.text(in: language)) }
    for (table, path) in zip(missing.tables, try missing.write(into: Path(output))) {
      Terminal.say(
        WaitingWording.tableToFill.text(
          in: language, [path, String(table.codes.count(where: \.isWritten)), "mappings/" + table.file]))
      for code in table.codes {
        Terminal.say(
          (code.isWritten ? WaitingWording.code : WaitingWording.codeNotWritten).text(
            in: language, [code.key, String(code.documents), code.amount]
          ).printable)
      }
    }
  }
}

/// How groups of waiting documents are shown.
private enum Waiting {
  static func show(_ list: WaitingList, _ wording: WaitingWording.Listing, in language: Language) {
    guard !list.groups.isEmpty else { return Terminal.say(wording.none.text(in: language)) }
    Terminal.say(wording.head.text(in: language, [String(list.documents), String(list.groups.count)]))
    for group in list.groups {
      Terminal.say(
        wording.group.text(
          in: language,
          [
            group.interface, group.cause, String(group.documents),
            group.amountText.isEmpty
              ? "" : WaitingWording.amount.text(in: language, [group.amountText]), String(group.sinceRun),
            group.since,
            String(group.days), group.example, group.file, group.code,
          ]
        ).printable)
    }
  }

  static func showJSON(_ groups: [WaitingGroup]) {
    for group in groups { Terminal.say(group.json()) }
  }
}
