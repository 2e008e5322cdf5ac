import ArgumentParser
import Batch
import Findings

struct CheckCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks every definition of the workspace, as a run does before it opens a file.")

  @OptionGroup var workspace: WorkspaceOption

  func run() throws {
    let definitions = try CompiledDefinitions(of: workspace.value)
    let language = definitions.language
    guard definitions.findings.isEmpty else { throw WorldError.definitions(definitions.findings, language) }
    let taken = try definitions.takenCodes(in: workspace.value)
    guard taken.isEmpty else { throw WorldError.definitions(taken, language) }
    for interface in definitions.interfaces {
      Terminal.say(
        CommandWording.interfaceIsSound.text(
          in: language, [interface.names.interface, interface.names.title, interface.names.book]))
    }
    Terminal.show(try definitions.changedKeys(in: workspace.value), in: language)
  }
}
