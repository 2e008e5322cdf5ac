import Findings
import Mapping
import Posting
import Readers

/// The reject file (退回文件) of one dropped file: rejected documents, whole, in the export's own header and bytes, with
/// five columns behind them. What breaks encoding or quoting stands in a `.raw` file beside it, byte for byte.
struct RejectFile {
  /// `nil` where there is nothing of the kind.
  private(set) var table: [UInt8]?
  private(set) var raw: [UInt8]?
  /// How many reject numbers were given.
  private(set) var numbers: Int64 = 0

  /// - Parameters:
  ///   - prefix: what a reject number begins with; the counter follows.
  ///   - last: the counter's last number.
  init(
    of part: Conversion.Part, compiled: CompiledInterface, language: Language, prefix: String, last: Int64
  ) throws {
    let file = part.file
    let layout = compiled.interface.layout
    let store = file.posted.store
    let rejected = store.documents.indices.filter { store.documents[$0].verdict == .rejected }
    guard !rejected.isEmpty else { return }
    let broken = file.brokenDocuments
    let whole = rejected.filter { !broken.contains($0) }
    for index in rejected where broken.contains(index) {
      let before = try raw ?? (file.source.bytes(in: file.header.bytes) + [0x0A])
      raw = before + (try file.bytes(of: index)) + [0x0A]
    }
    guard !whole.isEmpty else { return }
    let text = RowText(layout: layout)
    let header = try file.source.bytes(in: file.header.bytes)
    var bytes = layout.encoding == .utf8 ? [UInt8]([0xEF, 0xBB, 0xBF]) : []
    var line = header
    text.append(
      Self.captions(language), to: &line, cells: file.header.captions.count, width: file.header.captions.count
    )
    bytes += line + [0x0D, 0x0A]
    let rows = try DocumentRows(whole, of: file, layout: layout)
    var reasons = Reasons(part, layout: layout, language: language)
    for (place, index) in whole.enumerated() {
      numbers += 1
      let number = text.cells([prefix + digits(last + numbers)])
      for row in rows.documents[place] {
        bytes.append(contentsOf: row.bytes)
        text.fill(&bytes, cells: row.cells, width: file.header.captions.count)
        bytes.append(contentsOf: number)
        bytes.append(contentsOf: reasons.cells(index, row: row.place.row, line: row.place.line, text))
        bytes.append(contentsOf: [0x0D, 0x0A])
      }
    }
    table = bytes
  }

  private static func captions(_ language: Language) -> [String] {
    switch language {
    case .chinese: ["退回编号", "退回代码", "退回位置", "退回原因", "处理建议"]
    case .english: ["reject number", "reject code", "reject place", "reject reason", "reject remedy"]
    }
  }

  /// The word in the names of reject files.
  static func word(_ language: Language) -> String { language == .chinese ? "退回" : "rejects" }

  private func digits(_ number: Int64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}

/// Why each row of a file is rejected, in words.
private struct Reasons {
  private let part: Conversion.Part
  private let layout: TableLayout
  private let language: Language
  private let name: String
  /// Indices of findings, by document.
  private var byDocument: [Int32: [Int]] = [:]
  /// The cells of rows that have nothing wrong themselves, for the document at hand.
  private var others: (document: Int, cells: [UInt8]) = (-1, [])

  init(_ part: Conversion.Part, layout: TableLayout, language: Language) {
    self.part = part
    self.layout = layout
    self.language = language
    name = String(decoding: part.name, as: UTF8.self)
    for (index, item) in part.file.findings.items.enumerated() where item.severity >= .hold {
      byDocument[item.document, default: []].append(index)
    }
  }

  /// Code, place, message and remedy of a row, as cells: its own findings, else the row of its document that is wrong.
  mutating func cells(_ document: Int, row: Int32, line: Int32, _ text: RowText) -> [UInt8] {
    let items = byDocument[Int32(document)] ?? []
    let own = items.filter { part.file.findings.items[$0].row == row }
    if !own.isEmpty {
      return text.cells(
        words(own.map { part.file.finding(part.file.findings.items[$0], name: name, layout: layout) }))
    }
    if others.document == document { return others.cells }
    let finding =
      part.file.stop?.finding
      ?? Finding(
        .rowOfRejected, .reject, at: Place(file: name),
        [String(items.first.map { part.file.findings.items[$0].line } ?? 0)])
    others = (document, text.cells(words([finding])))
    return others.cells
  }

  private func words(_ findings: [Finding]) -> [String] {
    func joined(_ part: (Finding) -> String) -> String {
      var seen: Set<String> = []
      return findings.map(part).filter { !$0.isEmpty && seen.insert($0).inserted }.joined(separator: "; ")
    }
    return [
      joined { $0.code.rawValue },
      joined { finding in
        [finding.place.line.map(String.init), finding.place.field].compactMap { $0 }.joined(separator: " ")
      },
      joined { $0.message(in: language) },
      joined { $0.remedy(in: language) },
    ]
  }
}
