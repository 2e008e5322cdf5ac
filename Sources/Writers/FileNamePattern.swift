package import Definitions
package import Findings

/// The `file:` of a `write:` line: `{book}_{interface}_凭证_{period}_{run}.csv`.
package struct FileNamePattern: Sendable, Hashable {
  package enum Hole: String, Sendable, Hashable, CaseIterable {
    case book
    case interface
    case period
    case run
    case profile
    case posting
  }

  enum Piece: Sendable, Hashable {
    case text(String)
    case hole(Hole)
  }

  let source: SourceText
  let pieces: [Piece]

  package var holes: Set<Hole> {
    Set(
      pieces.compactMap {
        if case .hole(let hole) = $0 { hole } else { nil }
      })
  }

  /// Reads a pattern; `nil` and findings where it is none.
  package static func read(_ source: SourceText, faults: Faults) -> FileNamePattern? {
    var pieces: [Piece] = []
    let text = Array(source.text)
    var literal = ""
    var at = 0
    let before = faults.findings.count
    while at < text.count {
      guard text[at] == "{" else {
        literal.append(text[at])
        at += 1
        continue
      }
      guard let close = text[at...].firstIndex(of: "}") else {
        faults.report(.expressionSyntax, at: source, ["}"], characters: at..<text.count)
        break
      }
      let name = String(text[(at + 1)..<close])
      if !literal.isEmpty { pieces.append(.text(literal)) }
      literal = ""
      if let hole = Hole(rawValue: name) {
        pieces.append(.hole(hole))
      } else {
        let near = nearest(to: name, among: Hole.allCases.map(\.rawValue))
        faults.report(.unknownName, at: source, [name, near], characters: (at + 1)..<close)
      }
      at = close + 1
    }
    if !literal.isEmpty { pieces.append(.text(literal)) }
    let forbidden = text.contains {
      $0 == "/" || $0 == "\\" || $0.unicodeScalars.contains { $0.value < 0x20 }
    }
    if forbidden || text.isEmpty || text.first == "." {
      faults.report(
        .badValue, at: source, [source.text, "a file name without folders that doesn't begin with a dot"])
    }
    return faults.findings.count == before ? FileNamePattern(source: source, pieces: pieces) : nil
  }

  /// The findings of a pattern that could give one name for two files.
  ///
  /// Every run and every period makes files of its own, so `{run}` is always needed, and `{period}` for vouchers.
  /// - Parameters:
  ///   - severalBooks: whether the interface's vouchers can go to more than one book.
  ///   - hasPeriods: whether there is a file for each period.
  package func ambiguities(severalBooks: Bool, hasPeriods: Bool = true) -> [Finding] {
    let needed: [Hole] = (severalBooks ? [.book] : []) + (hasPeriods ? [.period] : []) + [.run]
    return needed.filter { !holes.contains($0) }.map { missing($0) }
  }

  /// The findings of patterns that give the same names as an earlier one of the list.
  package static func collisions(
    among patterns: [(pattern: FileNamePattern, book: String?, interface: String, profile: String)]
  ) -> [Finding] {
    var first: [[Piece]: (interface: String, profile: String)] = [:]
    var shapes: [(letters: [Letter], name: String)] = ownNames
    var findings: [Finding] = []
    for (pattern, book, interface, profile) in patterns {
      let known: [Hole: String] = [.interface: interface, .profile: profile]
      let shape = pattern.filled(with: book.map { known.merging([.book: $0]) { $1 } } ?? known)
      if let other = first[shape] {
        findings.append(pattern.missing(other.interface == interface ? .profile : .interface))
        continue
      }
      first[shape] = (interface, profile)
      guard let letters = letters(of: shape) else { continue }
      let rejects = ["退回", "rejects"].flatMap { word in
        [book.map { $0 + "_" } ?? "", ""].map { "\($0)\(interface)_\(word)_" }
      }
      let other =
        shapes.first { $0.letters.count == letters.count && zip($0.letters, letters).allSatisfy(meet) }?.name
        ?? rejects.first { start in
          let start = start.map(Letter.character) + Array(repeating: .digit, count: 6)
          return start.count < letters.count && zip(start, letters).allSatisfy(meet)
        }.map { $0 + "{run}" }
      if let other {
        findings.append(
          pattern.source.finding(.badValue, [pattern.source.text, "a name unlike \(other)"]))
      } else {
        shapes.append((letters, pattern.source.text))
      }
    }
    return findings
  }

  /// One place of a name, as far as it is known before a run.
  private enum Letter: Hashable {
    case character(Character)
    case digit
  }

  /// Names that every run uses.
  private static let ownNames: [(letters: [Letter], name: String)] = [
    ("reconciliation_", ".txt"), ("reconciliation_", ".csv"), ("reconciliation_", ".jsonl"),
    ("manifest_", ".sha256"),
  ].map { start, end in
    (letters(of: [.text(start), .hole(.run), .text(end)]) ?? [], start + "{run}" + end)
  }

  /// `nil` where a hole may be of any length.
  private static func letters(of shape: [Piece]) -> [Letter]? {
    var letters: [Letter] = []
    for piece in shape {
      switch piece {
      case .text(let text): letters += text.map(Letter.character)
      case .hole(.run): letters += Array(repeating: .digit, count: 6)
      case .hole(.period):
        letters += Array(repeating: .digit, count: 4) + [.character("-"), .digit, .digit]
      case .hole: return nil
      }
    }
    return letters
  }

  private static func meet(_ one: Letter, _ other: Letter) -> Bool {
    switch (one, other) {
    case (.digit, .digit): true
    case (.digit, .character(let character)), (.character(let character), .digit):
      character.isASCII && character.isNumber
    case (.character(let one), .character(let other)): one == other
    }
  }

  private func missing(_ hole: Hole) -> Finding {
    source.finding(.fileNameAmbiguous, [source.text, "{\(hole.rawValue)}"])
  }

  /// The pieces with the holes that are known filled, and neighbouring texts joined.
  func filled(with values: [Hole: String]) -> [Piece] {
    var result: [Piece] = []
    for piece in pieces {
      var piece = piece
      if case .hole(let hole) = piece, let value = values[hole] { piece = .text(value) }
      if case .text(let text) = piece, case .text(let before)? = result.last {
        result[result.count - 1] = .text(before + text)
      } else {
        result.append(piece)
      }
    }
    return result
  }

  /// The name of one file.
  package func name(_ values: [Hole: String]) -> String {
    filled(with: values).reduce(into: "") { name, piece in
      if case .text(let text) = piece { name += text }
    }
  }
}
