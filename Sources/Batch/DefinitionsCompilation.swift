import Crypto
import Definitions
package import Expressions
package import Findings
import Glibc
import Ledger
package import Mapping
package import Posting
import Readers
package import Writers

/// An interface, compiled whole: from a file's columns to its vouchers' files.
package struct CompiledInterface: Sendable {
  package var interface: Interface
  /// Those that take its vouchers; the postings come once for each of them.
  package var books: [BookDefinition]
  package var program: Program
  /// What documents are known by: each part as the mapping has it, and where that begins.
  var key: (parts: [String], place: Place)
  package var postings: [PostingRule]
  /// For each measure the entry rule whose entries carry it.
  package var carriers: [[Carrier]]
  package var outputs: [Output]
  /// Name of the file that tells the inventory system what became of its documents; `nil`: there is none.
  package var writeBack: FileNamePattern?
  /// Where finance is told of new codes: by the interface's rules for them.
  package var newCodes: [Output] = []
  /// Paths of the code tables' files by the tables' names, relative to the definitions' folder.
  package var tableFiles: [String: String]

  /// The values of its fields, for showing how an amount came about.
  package var fields: [CompiledField]

  /// Where a field's value is, once the program has run.
  package struct CompiledField: Sendable {
    package var name: String
    package var slot: Slot
    package var kind: ValueType.Kind
  }

  /// One `write:` line.
  package struct Output: Sendable {
    package var profile: Profile
    package var pattern: FileNamePattern
  }

  /// What the IDs of a posting's vouchers begin with, which is also the name of their counter: `A-XS-R-`.
  package func idPrefix(posting: Int) -> String {
    "\(books[postings[posting].book].book.code)-\(interface.code)-\(postings[posting].code)-"
  }

  /// What the IDs of a book's vouchers begin with: `A-XS-`.
  func codePrefix(ofBook book: Int) -> String { "\(books[book].book.code)-\(interface.code)-" }

  /// The postings whose vouchers go to a book.
  package func postings(ofBook book: Int) -> Range<Int> {
    let each = postings.count / books.count
    return book * each..<(book + 1) * each
  }

  /// What the interface's reject numbers begin with, which is also the name of their counter: `A-XS-RJ-`.
  var rejectPrefix: String { "\(books[0].book.code)-\(interface.code)-\(rejectCode)-" }

  /// The fiscal year that a day belongs to, named after the calendar year in which it begins.
  func fiscalYear(of day: Day) -> Int {
    let (year, month, _) = day.civil
    return month >= books[0].fiscalYearStart ? year : year - 1
  }
}

/// A workspace's definitions, checked and compiled: what `check`, `run` and tests all use.
package struct CompiledDefinitions: Sendable {
  package var workspace: WorkspaceDefinition
  /// The language of messages; what is written into files has the workspace's.
  package var language: Language
  package var interfaces: [CompiledInterface]
  /// Every format that is sound, in order of names.
  package var profiles: [ProfileEntry]
  /// Everything that is wrong; with one of them no file is opened.
  package var findings: [Finding]
  /// SHA-256, in hex, over the paths and bytes of all files that were read.
  package var fingerprint: String
  package var files: [(path: String, bytes: [UInt8])]
  /// Also those to which no interface posts, in order of names.
  var allBooks: [BookDefinition]

  package init(_ set: DefinitionSet) {
    workspace = set.workspace
    language = set.workspace.language
    files = set.files
    findings = set.findings
    interfaces = []
    profiles = []
    allBooks = set.books.sorted { $0.book.name < $1.book.name }
    fingerprint = set.fingerprint
    let faults = Faults()
    let profiles = set.profiles.compactMap { Profile.read($0.tree, faults: faults) }
    self.profiles = profiles.map(ProfileEntry.init).sorted { $0.name < $1.name }
    var patterns: [(pattern: FileNamePattern, book: String?, interface: String, profile: String)] = []
    for definition in set.interfaces {
      let outputs = Self.outputs(of: definition, profiles, faults)
      // A list of documents alone would prove nothing of what was posted.
      if let first = definition.write.first, !outputs.isEmpty, outputs.allSatisfy(\.profile.listsDocuments) {
        faults.report(.badValue, at: first.profile, [first.profile.text, "each: entry"])
      }
      let writeBack = definition.writeBack.flatMap { FileNamePattern.read($0, faults: faults) }
      if let writeBack, let text = definition.writeBack {
        let holes: Set<FileNamePattern.Hole> = [.interface, .run]
        if !writeBack.holes.isSubset(of: holes) || !writeBack.holes.contains(.run) {
          faults.report(.badValue, at: text, [text.text, "{run}, {interface}"])
        }
      }
      let newCodes = Self.newCodes(of: definition, profiles, faults)
      var compiler = InterfaceCompiler(definition)
      let chosen = BookChoice(definition, set.books, &compiler.builder)
      let only = chosen.books.count == 1 ? chosen.books[0].book.name : nil
      for output in newCodes {
        patterns.append((output.pattern, only, definition.name.text, output.profile.name))
        faults.report(
          output.pattern.ambiguities(severalBooks: chosen.books.count > 1, hasPeriods: false))
      }
      if let writeBack { patterns.append((writeBack, only, definition.name.text, "write_back")) }
      for output in outputs {
        patterns.append((output.pattern, only, definition.name.text, output.profile.name))
        faults.report(output.pattern.ambiguities(severalBooks: chosen.books.count > 1))
      }
      guard let rule = compiler.documentRule, let first = chosen.books.first else {
        findings += compiler.builder.findings
        continue
      }
      let rules = chosen.books.indices.flatMap { place in
        PostingCompiler(
          definition, book: chosen.books[place], place: place, goesThere: chosen.conditions[place],
          others: chosen.books.indices.filter { $0 != place }.map { chosen.books[$0].book.chart }
        ).rules(&compiler.builder, document: rule)
      }
      let postings = PostingCompiler(definition, book: first)
      postings.reportUncarried(&compiler.builder)
      postings.reportUnbalanced(&compiler.builder)
      var interface = compiler.finish(limits: set.workspace.limits)
      interface?.books = chosen.conditions.compactMap { $0?.slot }
      // What is wrong whatever the book is told once.
      var told: Set<Finding> = []
      findings += compiler.builder.findings.filter { told.insert($0).inserted }
      guard let interface, compiler.builder.findings.isEmpty else { continue }
      let asked = compiler.builder.program.tablesAsked
      for new in definition.newCodes where !asked.contains(new.table.text) {
        faults.report(.badValue, at: new.table, [new.table.text, asked.sorted().joined(separator: ", ")])
      }
      interfaces.append(
        CompiledInterface(
          interface: interface, books: chosen.books, program: compiler.builder.program,
          key: Self.key(of: definition), postings: rules,
          carriers: postings.carriers(of: interface.measures, books: chosen.books.count), outputs: outputs,
          writeBack: writeBack, newCodes: newCodes,
          tableFiles: Dictionary(
            definition.tables.map { ($0.name.text, $0.file.text) }, uniquingKeysWith: { first, _ in first }),
          fields: definition.fields.compactMap { field in
            compiler.builder.field(field.name.text).map {
              CompiledInterface.CompiledField(name: field.name.text, slot: $0.slot, kind: $0.type.kind)
            }
          }))
    }
    findings += faults.findings + FileNamePattern.collisions(among: patterns)
    findings = inReadingOrder(findings)
  }

  private static func outputs(
    of definition: InterfaceDefinition, _ profiles: [Profile], _ faults: Faults
  ) -> [CompiledInterface.Output] {
    definition.write.compactMap { write in
      guard let pattern = FileNamePattern.read(write.file, faults: faults) else { return nil }
      guard let profile = profiles.first(where: { $0.name == write.profile.text }) else { return nil }
      if profile.listsCodes {
        faults.report(.badValue, at: write.profile, [write.profile.text, "new_codes (each: code)"])
      }
      return CompiledInterface.Output(profile: profile, pattern: pattern)
    }
  }

  private static func key(of definition: InterfaceDefinition) -> (parts: [String], place: Place) {
    let parts = definition.document.key.map { name in
      definition.fields.first { $0.name.text == name.text }.map {
        "\($0.typeText.text) = \($0.expression.text)"
      }
        ?? name.text
    }
    return (parts, definition.document.key.first?.place ?? definition.name.place)
  }

  /// As many as the mapping has, where nothing is wrong with them.
  private static func newCodes(
    of definition: InterfaceDefinition, _ profiles: [Profile], _ faults: Faults
  ) -> [CompiledInterface.Output] {
    var places: [[String]: SourceText] = [:]
    return definition.newCodes.compactMap { new in
      if let first = places.updateValue(new.profile, forKey: [new.table.text, new.profile.text]) {
        faults.report(.doubledName, at: new.profile, ["profile", new.profile.text, first.place.text])
      }
      guard let pattern = FileNamePattern.read(new.file, faults: faults) else { return nil }
      if !pattern.holes.isSubset(of: [.book, .interface, .profile, .run]) {
        faults.report(.badValue, at: new.file, [new.file.text, "{run}, {book}, {interface}, {profile}"])
      }
      guard let profile = profiles.first(where: { $0.name == new.profile.text }) else { return nil }
      if !profile.listsCodes {
        faults.report(.badValue, at: new.profile, [new.profile.text, "each: code"])
      }
      let given = Set(new.fields.map(\.name.text))
      for name in profile.codeFields where !given.contains(name) {
        faults.report(.missingKey, at: new.profile, ["fields.\(name)"])
      }
      for (name, _) in new.fields where profile.listsCodes && !profile.codeFields.contains(name.text) {
        faults.report(
          .unknownKey, at: name, [name.text, nearest(to: name.text, among: profile.codeFields)])
      }
      return CompiledInterface.Output(profile: profile, pattern: pattern)
    }
  }
}

extension CompiledDefinitions {
  /// Reads and compiles a workspace's definitions.
  package init(of workspace: Workspace) throws(WorldError) {
    let folder = workspace.mappings
    // What reads a file may have to read GB18030, whatever the mapping says: a reject file comes back in either.
    guard WideCharacters.canBeRead else { throw .noConverter }
    do throws(SystemFailure) {
      guard try System.status(folder) != nil else { throw SystemFailure(call: "", path: "", code: ENOENT) }
      self.init(try DefinitionSet(at: folder))
      language = workspace.language ?? self.workspace.messages ?? workspace.fallback
    } catch {
      throw error.call.isEmpty ? .noWorkspace(folder.parent.description) : .system(error)
    }
  }

}

extension DefinitionSet {
  /// - Parameter folder: what lies in it is read as far as it is a definition, or used by one.
  init(at folder: Path) throws(SystemFailure) {
    self = try DefinitionsFolder.load(list: try Self.list(folder, under: "")) {
      path throws(SystemFailure) in try System.read(folder / path)
    }
  }

  /// SHA-256, in hex, over the paths and bytes of all files that were read.
  var fingerprint: String {
    var digest = SHA256()
    for (path, bytes) in files {
      digest.update(data: Array("\(path)\u{0}\(bytes.count)\u{0}".utf8))
      digest.update(data: bytes)
    }
    return hex(digest.finalize())
  }

  private static func list(_ folder: Path, under: String) throws(SystemFailure) -> [String] {
    var files: [String] = []
    for name in try System.names(in: folder) where name.first != 0x2E {
      let relative = under + String(decoding: name, as: UTF8.self)
      guard let status = try System.status(folder / name) else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: files += try list(folder / name, under: relative + "/")
      case S_IFREG, S_IFLNK: files.append(relative)
      default: break
      }
    }
    return files
  }
}

/// A digest in hex, as `sha256sum` prints it.
func hex(_ bytes: some Sequence<UInt8>) -> String {
  bytes.reduce(into: "") { text, byte in
    text += byte < 16 ? "0" : ""
    text += String(byte, radix: 16)
  }
}

/// A finance import format as `tallyman profiles` shows it.
package struct ProfileEntry: Codable, Sendable {
  package var name: String
  package var title: String
  package var format: String
  package var encoding: String
  /// `program …`, `schema …` or `document …`.
  package var provenBy: String

  init(_ profile: Profile) {
    name = profile.name
    title = profile.title
    format = profile.format.rawValue
    encoding = profile.encoding.rawValue
    provenBy = profile.provenBy
  }
}

extension CompiledInterface {
  /// What the interface is called, for people: name, title and book.
  package var names: (interface: String, title: String, book: String) {
    (interface.name, interface.title, books.map(\.book.name).joined(separator: ", "))
  }
}
