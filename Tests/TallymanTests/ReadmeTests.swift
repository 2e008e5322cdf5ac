import Foundation
import Testing

/// Every command that the front door shows works: `tallyman …` is run in a workspace made of the samples, and a `make`
/// target exists.
@Suite struct ReadmeTests {
  static let pages = ["README.md", "docs/README.zh-CN.md"]

  @Test(arguments: pages)
  func commandsWork(_ page: String) throws {
    let commands = Self.commands(in: try Repository.text(page))
    #expect(
      commands.contains { $0.first == "make" } && commands.contains { $0.first == "tallyman" },
      "\(page) shows no commands")
    let makefile = try Repository.text("Makefile")
    let sample = try Sample(name: "sales-issue")
    let workspace = try sample.workspace()
    try workspace.drop("\(sample.folder)/inbox/\(sample.drops[0][0])")
    for command in commands {
      switch command[0] {
      case "make":
        for target in command.dropFirst() where !target.hasPrefix("-") && !target.contains("=") {
          #expect(makefile.contains("\n\(target):"), "\(page): make \(target)")
        }
      default:
        let result = try Program.tallyman.run(Self.arguments(command, workspace), in: workspace.root)
        let done: Set<Int32> = [0, 10]
        #expect(
          done.contains(result.exitCode), "\(page): \(command.joined(separator: " ")): \(result.errors)")
      }
    }
  }

  /// The same command, wherever its workspace is said to be.
  private static func arguments(_ command: [String], _ workspace: ScratchWorkspace) -> [String] {
    var words = Array(command.dropFirst())
    if let option = words.firstIndex(of: "--workspace"), option + 1 < words.count {
      words[option + 1] = workspace.root
    }
    return words
  }

  /// The commands of the `console` and `sh` blocks, in words; the program by its plain name.
  static func commands(in page: String) -> [[String]] {
    var commands: [[String]] = []
    var block: String?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      let text = line.trimmingCharacters(in: .whitespaces)
      if text.hasPrefix("```") {
        block = block == nil ? String(text.dropFirst(3)) : nil
      } else if block == "sh" || block == "console" && text.hasPrefix("$ ") {
        let shown = text.hasPrefix("$ ") ? String(text.dropFirst(2)) : text
        for part in shown.split(separator: /&&|;|\|/) { commands += [Self.words(String(part))] }
      }
    }
    return commands.filter { ["make", "tallyman"].contains($0.first) }
  }

  private static func words(_ command: String) -> [String] {
    let plain = command.split(separator: " #", maxSplits: 1).first.map(String.init) ?? ""
    var words = plain.split(whereSeparator: \.isWhitespace).map(String.init)
    while let first = words.first, first == "sudo" || first.contains("=") { words.removeFirst() }
    if let first = words.first, first.hasSuffix("/tallyman") { words[0] = "tallyman" }
    return words
  }

  @Test func commandsAreFound() {
    let page = """
      ```console
      $ make run && .build/release/tallyman status --json  # what waits
      nothing waits
      ```
      ```yaml
      tallyman: no command
      ```
      ```sh
      LANG=C tallyman check
      ```
      """
    #expect(
      Self.commands(in: page) == [
        ["make", "run"], ["tallyman", "status", "--json"], ["tallyman", "check"],
      ])
  }
}
