import Definitions
import Expressions
import Findings
import Foundation
import Ledger
import Mapping
import Posting
import Writers

/// A file of the definitions' folder with any content: it compiles, or every fault has its place and can be told.
enum DefinitionFuzz {
  static func fault(in input: [UInt8]) -> String? {
    var choices = Choices(input)
    var files = sound
    let place = choices.below(replaced.count)
    files[replaced[place]] = Array(choices.rest)
    let set = DefinitionsFolder.load(list: files.keys.sorted()) { files[$0] ?? [] }
    for finding in set.findings + compiled(set) {
      if finding.place.line == nil, ![.definitionMissing, .badValue, .tableMissing].contains(finding.code) {
        return "\(finding.code.rawValue) has no line"
      }
      for language in Language.allCases {
        let text = finding.text(in: language)
        if text.unicodeScalars.contains(where: { $0.isControl && $0 != "\n" }) {
          return "a control character: \(text)"
        }
      }
    }
    return nil
  }

  /// What the rooms behind the folder say of it, each asked as a run asks them.
  private static func compiled(_ set: DefinitionSet) -> [Finding] {
    let faults = Faults()
    var findings: [Finding] = []
    for profile in set.profiles { _ = Profile.read(profile.tree, faults: faults) }
    for definition in set.interfaces {
      guard let book = set.books.first(where: { $0.book.name == definition.book.text }) else { continue }
      for write in definition.write {
        if let pattern = FileNamePattern.read(write.file, faults: faults) {
          faults.report(pattern.ambiguities(severalBooks: false))
        }
      }
      var compiler = InterfaceCompiler(definition)
      let postings = PostingCompiler(definition, book: book)
      if let rule = compiler.documentRule {
        _ = postings.rules(&compiler.builder, document: rule)
        postings.reportUncarried(&compiler.builder)
        _ = compiler.finish(limits: set.workspace.limits)
      }
      findings += compiler.builder.findings
    }
    return findings + faults.findings
  }

  private static let replaced = [
    "sales.yaml", "profiles/vouchers.yaml", "books/main.yaml", "workspace.yaml", "tables/accounts.csv",
    "tables/income.csv",
  ]

  /// The small workspace of the samples, in which nothing is wrong.
  private static let sound: [String: [UInt8]] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "samples/findings/base/mappings").path
    let names = (FileManager.default.subpaths(atPath: folder) ?? []).filter { $0.contains(".") }
    precondition(names.count > 5, "the samples lie where they lay when this was built: \(folder)")
    return Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, Array(FileManager.default.contents(atPath: folder + "/" + $0) ?? Data()))
      })
  }()
}
