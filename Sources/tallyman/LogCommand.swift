import ArgumentParser
import Batch
import Findings

struct LogCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "The last runs, newest first.")

  @OptionGroup var workspace: WorkspaceOption

  @Option(name: .shortAndLong, help: "How many runs.")
  var count = 10

  @Flag(name: .long, help: "One JSON object a line.")
  var json = false

  func run() throws {
    let entries = try RunEntry.last(count, of: workspace.value)
    if json {
      for entry in entries { Terminal.say(entry.json) }
      return
    }
    let language = try CompiledDefinitions(of: workspace.value).language
    for entry in entries {
      Terminal.say(
        CommandWording.run.text(
          in: language, [String(entry.run), entry.clock, CommandWording.phase(entry.phase, in: language)]))
      for file in entry.files {
        Terminal.say("  \(file.name)  \(CommandWording.phase(file.phase, in: language))")
      }
      for line in RunSummaryText.lines(entry.summary, in: language) { Terminal.say("  " + line) }
    }
    if entries.isEmpty { Terminal.say(CommandWording.neverRun.text(in: language)) }
  }
}
