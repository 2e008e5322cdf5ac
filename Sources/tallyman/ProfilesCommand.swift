import ArgumentParser
import Batch
import Findings

struct ProfilesCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "profiles",
    abstract: "The finance import formats of the workspace, and how far each is proven.")

  @OptionGroup var workspace: WorkspaceOption

  @Flag(name: .long, help: "One JSON object a line.")
  var json = false

  func run() throws {
    let definitions = try CompiledDefinitions(of: workspace.value)
    for profile in definitions.profiles {
      if json {
        Terminal.say(profile.json)
      } else {
        Terminal.say(
          CommandWording.profile.text(
            in: definitions.language,
            [profile.name, profile.title, profile.format, profile.encoding, profile.provenBy]
          ).printable)
      }
    }
    guard definitions.findings.isEmpty else {
      throw WorldError.definitions(definitions.findings, definitions.language)
    }
  }
}
