import ArgumentParser
import Batch
import Findings

struct StatusCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "What waits, what was done last, and what needs a person.")

  @OptionGroup var workspace: WorkspaceOption

  @Flag(name: .long, help: "One JSON object.")
  var json = false

  func run() throws {
    let status = try WorkspaceStatus(workspace.value)
    if json { Terminal.say(status.json) } else { try show(status) }
    // As the next run will end, whatever else waits.
    if !status.blocked.isEmpty { throw ExitCode(74) }
  }

  private func show(_ status: WorkspaceStatus) throws {
    let language = try CompiledDefinitions(of: workspace.value).language
    func say(_ wording: Wording, _ arguments: [String] = []) {
      Terminal.say(wording.text(in: language, arguments))
    }
    say(
      status.waiting.isEmpty ? CommandWording.nothingWaits : CommandWording.waits,
      [String(status.waiting.count)])
    for file in status.waiting {
      Terminal.say("  \(file.file)  →  \(file.interface ?? file.reason ?? "")")
    }
    if let last = status.lastRun {
      say(
        CommandWording.lastRun,
        [String(last.run), last.clock, CommandWording.phase(last.phase, in: language)])
      for line in RunSummaryText.lines(last.summary, in: language) { Terminal.say("  " + line) }
    } else {
      say(CommandWording.neverRun)
    }
    if let tried = status.lastTried { say(CommandWording.lastTried, [tried]) }
    if !status.unfinished.isEmpty {
      say(CommandWording.unfinished, [status.unfinished.map(String.init).joined(separator: ", ")])
    }
    for name in status.blocked { say(CommandWording.blocked, [name]) }
    if let run = status.missingRecord { say(CommandWording.missingRecord, [String(run)]) }
    for deferred in status.deferred {
      say(CommandWording.deferred, [String(deferred.documents), deferred.interface, deferred.month])
    }
    say(status.needsPerson ? CommandWording.needsPerson : CommandWording.needsNobody)
    if status.definitionFaults > 0 { say(CommandWording.faulty, [String(status.definitionFaults)]) }
    for name in status.rejectFiles { say(CommandWording.rejected, [name]) }
    for name in status.quarantined { say(CommandWording.quarantined, [name]) }
    for file in status.waiting where file.interface == nil && !file.isIncomplete {
      say(CommandWording.stays, [file.file, file.reason ?? ""])
    }
    if status.overdue > 0 { say(CommandWording.overdue, [String(status.overdue)]) }
    if status.refusedVouchers > 0 { say(CommandWording.refused, [String(status.refusedVouchers)]) }
    if status.silentVouchers > 0 { say(CommandWording.silent, [String(status.silentVouchers)]) }
    if status.voidedDocuments > 0 { say(CommandWording.voided, [String(status.voidedDocuments)]) }
    for held in status.held {
      say(
        CommandWording.held,
        [String(held.documents), held.interface, held.cause, String(held.sinceRun)])
    }
  }
}
