import Foundation
import Testing

/// Every command that the front door shows works, and prints what is shown: the commands of its `console` and `sh`
/// blocks are run, page by page, in a workspace like the repository's; of `make`, the targets must exist.
@Suite struct ReadmeTests {
  static let pages = [("README.md", "en"), ("docs/README.zh-CN.md", "zh")]

  @Test(arguments: pages + [("docs/BAD-DAY.md", "en"), ("docs/MONTH-END.md", "en")])
  func commandsWork(_ page: String, _ language: String) throws {
    let text = try Repository.text(page)
    let commands = Shown.commands(in: text)
    #expect(commands.contains { $0.text.hasPrefix("tallyman ") }, "\(page) shows no command of ours")
    let workspace = try ScratchWorkspace(mappings: Repository.mappings)
    try workspace.edit("mappings/workspace.yaml") {
      $0.replacing(/messages: \w+/, with: "messages: \(language)")
    }
    for folder in ["samples", "docs"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(workspace.root)/\(folder)", withDestinationPath: "\(Repository.root)/\(folder)")
    }
    // A sanitizer writes a file of its own before the program begins, and a limit on files ends it there.
    let isSanitized = ProcessInfo.processInfo.environment["TALLYMAN_SANITIZED"] != nil
    for command in commands where !command.text.hasPrefix("make") {
      if isSanitized, command.text.contains("ulimit -f") { continue }
      let result = try Self.run(command.text, in: workspace)
      #expect([0, 10].contains(result.exitCode), "\(page): \(command.text): \(result.errors)")
      let printed = (result.output + result.errors).split(whereSeparator: \.isNewline).map(Self.plain)
      for line in command.output where !line.contains("…") || line.contains(" … ") {
        #expect(printed.contains(Self.plain(line)), "\(page): \(command.text) does not print \(line)")
      }
    }
  }

  @Test(arguments: pages)
  func targetsExist(_ page: String, _ language: String) throws {
    let makefile = try Repository.text("Makefile")
    let targets = try Repository.text(page).matches(of: /(?:`|\$ |\n {4})make ([a-z-]+)/).map { $0.output.1 }
    #expect(Set(targets).isSuperset(of: ["run", "test"]), "the two commands are not on \(page)")
    for target in targets { #expect(makefile.contains("\n\(target):"), "\(page): make \(target)") }
  }

  private static func run(_ command: String, in workspace: ScratchWorkspace) throws -> Program.Result {
    let folder = (Program.tallyman.path as NSString).deletingLastPathComponent
    return try Program(path: "/bin/sh").run(
      ["-c", command], in: workspace.root, environment: ["PATH": "\(folder):/usr/local/bin:/usr/bin:/bin"])
  }

  private static func plain(_ line: some StringProtocol) -> String {
    line.trimmingCharacters(in: .whitespaces)
  }

  @Test func commandsAreFound() {
    let page = """
      ```console
      $ tallyman status --json
      nothing waits
      ```
      ```yaml
      tallyman: no command
      ```
      ```sh
      tallyman check
      ```
      """
    let commands = Shown.commands(in: page)
    #expect(commands.map(\.text) == ["tallyman status --json", "tallyman check"])
    #expect(commands.map(\.output) == [["nothing waits"], []])
  }
}

/// A command that a page shows, with what it shows as its output.
private struct Shown {
  var text: String
  var output: [String] = []

  static func commands(in page: String) -> [Shown] {
    var commands: [Shown] = []
    var block: String?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("```") {
        block = block == nil ? String(line.dropFirst(3)) : nil
      } else if block == "sh", !line.isEmpty, !line.hasPrefix("#") {
        commands.append(Shown(text: line))
      } else if block == "console", line.hasPrefix("$ ") {
        commands.append(Shown(text: String(line.dropFirst(2))))
      } else if block == "console", !commands.isEmpty, !line.isEmpty {
        commands[commands.count - 1].output.append(line)
      }
    }
    return commands
  }
}
