import Findings
import Mapping
import Posting
import Readers
import State

/// Why each row of a file is rejected, in words.
struct Reasons {
  private let part: Conversion.Part
  private let language: Language
  private let name: String
  /// Indices of findings that hold or reject, by document, and where those of each begin.
  private var order: [Int32] = []
  private var starts: [Int]
  /// The cells of rows that have nothing wrong themselves, for the document at hand.
  private var others: (document: Int, words: [String], cells: [UInt8]) = (-1, [], [])

  init(_ part: Conversion.Part, language: Language) {
    self.part = part
    self.language = language
    name = String(decoding: part.name, as: UTF8.self)
    let items = part.file.findings.items
    func speaksAgainst(_ item: RecordFindings.Item) -> Bool { item.severity >= .hold && item.document >= 0 }
    starts = Array(repeating: 0, count: part.file.posted.store.documents.count + 1)
    for item in items where speaksAgainst(item) { starts[Int(item.document) + 1] += 1 }
    for document in starts.indices.dropFirst() { starts[document] += starts[document - 1] }
    order = Array(repeating: 0, count: starts[starts.count - 1])
    var next = starts
    for (index, item) in items.enumerated() where speaksAgainst(item) {
      order[next[Int(item.document)]] = Int32(index)
      next[Int(item.document)] += 1
    }
  }

  private func items(of document: Int) -> ArraySlice<Int32> { order[starts[document]..<starts[document + 1]] }

  private func item(_ index: Int32) -> RecordFindings.Item { part.file.findings.items[Int(index)] }

  /// Appends code, place, message and remedy of a row, as cells: its own findings, else the row of its document that is
  /// wrong.
  mutating func append(_ document: Int, row: Int32, _ text: RowText, to bytes: inout [UInt8]) {
    let items = items(of: document)
    if let own = ownWords(items, row) {
      for word in own { text.append(cell: word, to: &bytes) }
      return
    }
    let words = otherWords(document, items)
    if others.cells.isEmpty { for word in words { text.append(cell: word, to: &others.cells) } }
    bytes += others.cells
  }

  /// The same as texts.
  mutating func words(_ document: Int, row: Int32) -> [String] {
    let items = items(of: document)
    return ownWords(items, row) ?? otherWords(document, items)
  }

  private func ownWords(_ items: ArraySlice<Int32>, _ row: Int32) -> [String]? {
    let own = items.filter { item($0).row == row }
    return own.isEmpty ? nil : words(own.map { part.file.finding(item($0), name: name) })
  }

  private mutating func otherWords(_ document: Int, _ items: ArraySlice<Int32>) -> [String] {
    if others.document == document { return others.words }
    let finding =
      part.file.stop?.finding
      ?? Finding(
        .rowOfRejected, .reject, at: Place(file: name),
        [String(items.first.map { item($0).line } ?? 0)])
    others = (document, words([finding]), [])
    return others.words
  }

  /// What is said of the worst that is wrong with a document.
  func message(of document: Int) -> String {
    let cause = cause(of: document)
    return Finding.message(ofCode: cause.code, cause.arguments, in: language)
  }

  /// The worst that is wrong with a document.
  func cause(of document: Int) -> RejectCause {
    var first: Int32?
    for index in items(of: document) where first.map({ item($0).severity < item(index).severity }) ?? true {
      first = index
    }
    guard let finding = part.file.stop?.finding ?? first.map({ part.file.finding(item($0), name: name) })
    else {
      preconditionFailure("A document is rejected for a reason")
    }
    return RejectCause(
      code: finding.code.rawValue, arguments: finding.arguments, field: finding.place.field ?? "")
  }

  private func words(_ findings: [Finding]) -> [String] {
    func joined(_ part: (Finding) -> String) -> String {
      if findings.count == 1 { return part(findings[0]) }
      // They are few: to look at each is quicker than to hash them.
      var parts: [String] = []
      for text in findings.map(part) where !text.isEmpty && !parts.contains(text) { parts.append(text) }
      return parts.joined(separator: "; ")
    }
    return [
      joined { $0.code.rawValue },
      joined { finding in
        [finding.place.line.map(String.init), finding.place.field].compactMap { $0 }.joined(separator: " ")
      },
      joined { $0.message(in: language) },
      // What speaks against the whole file decides what there is to do.
      part.file.stop.map { $0.finding.remedy(in: language) } ?? joined { $0.remedy(in: language) },
    ]
  }
}
