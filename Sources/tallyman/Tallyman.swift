import ArgumentParser
import Batch
import Findings
import Foundation

/// The program. Exit codes are those of §9: 0 done, 10 something needs a person, 64 usage, 70 our bug, 74 input or output,
/// 75 locked, 78 definitions wrong.
@main
struct Tallyman: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tallyman",
    abstract: "理货员: inventory exports in, balanced vouchers and a reconciliation log out, exactly once.",
    version: "0.1.0",
    subcommands: [
      RunCommand.self, CheckCommand.self, ProfilesCommand.self, StatusCommand.self, LogCommand.self,
      RejectsCommand.self,
      HoldsCommand.self, PendingCommand.self, PeriodCommand.self, AdoptCommand.self, VouchersCommand.self,
      RepostCommand.self,
      ExplainCommand.self, CodesCommand.self, VerifyCommand.self, RebuildCommand.self,
    ])

  static func main() {
    // A file that may not grow, and a reader that has gone: calls that fail, and no reason to end in the middle.
    for number in [SIGXFSZ, SIGPIPE] { signal(number, SIG_IGN) }
    var workspace: Workspace?
    do {
      var command = try parseAsRoot()
      workspace = (command as? any WorkspaceCommand)?.workspace.value
      try command.run()
    } catch let error as WorldError {
      let known = workspace.flatMap { try? CompiledDefinitions(of: $0).language }
      var language = known ?? workspace?.language ?? Terminal.language
      if case .definitions(let findings, let own) = error {
        language = own
        Terminal.show(findings, in: own)
      }
      if case .rebuildRefused(let findings) = error { Terminal.show(findings, in: language) }
      Terminal.complain(error.message(in: language))
      Foundation.exit(error.exitCode)
    } catch {
      exit(withError: error)
    }
  }
}

/// Where a command works.
struct WorkspaceOption: ParsableArguments {
  @Option(name: .long, help: "The workspace: a folder with mappings/, inbox/ and outbox/.")
  var workspace = "."

  @Option(
    name: .long,
    help: "The language of messages, en or zh; else the workspace's (messages:), else that of LANG.",
    transform: { text in
      guard let language = Language(rawValue: text) else { throw ValidationError("--lang wants en or zh") }
      return language
    })
  var lang: Language?

  var value: Workspace { Workspace(workspace, language: lang, fallback: Terminal.language) }
}

/// A command that works in a workspace, and speaks its language.
protocol WorkspaceCommand: ParsableCommand {
  var workspace: WorkspaceOption { get }
}
