package import Definitions
import Findings

extension WorkspaceDefinition {
  private enum Messages: String, CaseIterable {
    case zh, en

    var language: Language { self == .zh ? .chinese : .english }
  }

  /// Reads `workspace.yaml`.
  package init(tree: Node, faults: Faults) {
    let keys = Keys(of: tree, faults: faults)
    self.init()
    guard hasKnownLanguage(keys) else { return }
    language = keys.choice("messages", default: Messages.zh).language
    if let zone = keys.optionalText("time_zone") { timeZone = zone }
    settle = keys.optionalText("settle").flatMap { integer($0, in: 0...86_400, faults) } ?? settle
    keys.notBuilt("file_modes", "retention", "limits", "on_failure")
    keys.finish()
  }

  /// What holds where `workspace.yaml` says nothing.
  init() {
    self.init(language: .chinese, timeZone: SourceText("Asia/Shanghai", at: Place(file: "")), settle: 60)
  }
}
