package import Definitions
import Findings
import Ledger
import Readers

extension InterfaceDefinition {
  /// Reads a mapping file's tree; `nil` where something is missing without which it makes no sense.
  package init?(tree: Node, faults: Faults) {
    let keys = Keys(of: tree, faults: faults)
    guard hasKnownLanguage(keys) else { return nil }
    // What is missing or wrong here is reported and stands in as it is, so that the rest is still looked at.
    let missing = keys.missing
    let name = keys.text("interface") ?? missing
    checkPlainName(name, faults)
    let code = keys.text("code") ?? missing
    checkVoucherCode(code, faults)
    let title = keys.text("title") ?? missing
    let book = keys.text("book") ?? missing
    let read = keys.map("read").flatMap { ReadDefinition($0) }
    let tables = keys.entries("tables").compactMap { TableDefinition(entry: $0, faults: faults) }
    _ = keys.required("fields")
    let fields = keys.entries("fields").compactMap { FieldDefinition(entry: $0, faults: faults) }
    let acknowledge = keys.optionalMap("acknowledge").flatMap { AcknowledgeDefinition($0) }
    let isAnswer = keys.optional("acknowledge") != nil
    let document =
      isAnswer
      ? acknowledge.map { DocumentDefinition(answeredBy: $0) }
      : keys.map("document").flatMap { DocumentDefinition($0) }
    let measures = keys.optionalTexts("measures") ?? []
    let checks = keys.items("checks").compactMap { CheckDefinition(item: $0, faults: faults) }
    if !isAnswer { _ = keys.required("postings") }
    let postings = keys.entries("postings").compactMap { PostingDefinition(entry: $0, faults: faults) }
    reportDoubledCodes(postings, faults)
    if !isAnswer { _ = keys.required("write") }
    let write = keys.items("write").compactMap { WriteDefinition(item: $0, faults: faults) }
    let writeBack = keys.optionalText("write_back")
    let newCodes = keys.items("new_codes").compactMap { NewCodesDefinition(item: $0, faults: faults) }
    for key in ["document", "measures", "postings", "write", "write_back", "new_codes"] where isAnswer {
      if let place = keys.keyText(key) {
        faults.report(.badValue, at: place, [key, "no \(key) (acknowledge)"])
      }
    }
    keys.finish()
    guard let read, let document else { return nil }
    if (read.snapshot == nil) != (document.missing == nil) {
      let (owner, key) = read.snapshot == nil ? ("document", "missing") : ("read", "snapshot")
      faults.report(
        .badValue, at: keys.optionalMap(owner)?.keyText(key) ?? keys.owner,
        [key, "read.snapshot + document.missing"])
    }
    let named = Set((keys.entries("tables") + keys.entries("fields")).map(\.key.text))
    self.init(
      name: name, code: code, title: title, book: book, read: read, tables: tables, fields: fields,
      document: document, measures: measures, checks: checks, postings: postings, acknowledge: acknowledge,
      write: write, writeBack: writeBack, newCodes: newCodes,
      broken: named.subtracting(tables.map(\.name.text)).subtracting(fields.map(\.name.text)))
  }
}

private func reportDoubledCodes(_ postings: [PostingDefinition], _ faults: Faults) {
  var first: [String: PostingDefinition] = [:]
  for posting in postings {
    if posting.code.text.isEmpty { continue }
    if let earlier = first[posting.code.text] {
      faults.report(.doubledName, at: posting.code, ["code", posting.code.text, earlier.code.place.short])
    } else {
      first[posting.code.text] = posting
    }
  }
}

extension ReadDefinition {
  private enum Format: String, CaseIterable { case csv, xml, spreadsheetml }
  private enum Delimiter: String, CaseIterable {
    case comma = ","
    case semicolon = ";"
    case tab
    case bar = "|"

    var byte: UInt8 {
      switch self {
      case .comma: 0x2C
      case .semicolon: 0x3B
      case .tab: 0x09
      case .bar: 0x7C
      }
    }
  }

  fileprivate init?(_ keys: Keys) {
    let files = keys.texts("files")
    let format = keys.choice("format", of: Format.self)
    if format == .xml {
      self.init(xml: keys, files: files ?? [])
      return
    }
    let isSheet = format == .spreadsheetml
    let sheet = isSheet ? keys.optionalText("sheet") : nil
    let encoding = isSheet ? .utf8 : keys.choice("encoding", of: TextEncoding.self) ?? .utf8
    let delimiter = isSheet ? .comma : keys.choice("delimiter", default: Delimiter.comma)
    let sidecar = keys.optional("sidecar").flatMap { _ in keys.choice("sidecar", of: Sidecar.self) }
    let skips = Self.skips(keys)
    let trailer = keys.optionalMap("trailer").flatMap { TrailerDefinition($0) }
    let header = Self.header(keys)
    let fillDown = keys.optionalTexts("fill_down") ?? []
    let mark = keys.choice("decimal", default: DecimalMark.point)
    let heads = isSheet ? nil : Self.heads(keys, header, fillDown, files ?? [])
    if case .tagged = header {
      // Which rows are data is what the tag says: others have no place among them.
      for key in ["skip", "trailer"] {
        if let place = keys.keyText(key) { keys.faults.report(.badValue, at: place, [key, "no tagged"]) }
      }
    }
    let snapshot = Self.snapshot(keys, isProven: trailer != nil || sidecar != nil)
    keys.notBuilt("control_file")
    keys.finish()
    self.init(
      files: files ?? [], encoding: encoding, delimiter: delimiter.byte,
      sidecar: sidecar, snapshot: snapshot, skips: skips, trailer: trailer, header: header,
      fillDown: fillDown,
      decimalMark: mark, heads: heads, sheet: isSheet ? SheetShape(name: sheet?.text) : nil)
  }

  /// `format: xml`, where paths stand for columns and the file itself names its encoding.
  private init?(xml keys: Keys, files: [SourceText]) {
    let document = keys.text("document")
    let records = keys.texts("record")
    let namespaces = keys.optionalMap("namespaces")
    let names = keys.entries("namespaces").compactMap { entry in
      namespaces?.text(entry.key.text).map { (prefix: entry.key, uri: $0) }
    }
    let sidecar = keys.optional("sidecar").flatMap { _ in keys.choice("sidecar", of: Sidecar.self) }
    let mark = keys.choice("decimal", default: DecimalMark.point)
    let snapshot = Self.snapshot(keys, isProven: sidecar != nil)
    keys.notBuilt("control_file")
    keys.finish()
    guard let document, let records else { return nil }
    self.init(
      files: files, encoding: .utf8, delimiter: Delimiter.comma.byte, sidecar: sidecar,
      snapshot: snapshot, skips: [],
      header: .one,
      fillDown: [], decimalMark: mark,
      xml: XMLDefinition(document: document, records: records, namespaces: names))
  }

  /// `snapshot:`, for which the file must prove that it is whole.
  private static func snapshot(_ keys: Keys, isProven: Bool) -> DocumentRule.MissingRule.Span? {
    let span = keys.optionalChoice("snapshot", of: DocumentRule.MissingRule.Span.self)
    if span != nil, !isProven, let place = keys.keyText("snapshot") {
      keys.faults.report(.badValue, at: place, ["snapshot", "snapshot + trailer | sidecar"])
    }
    return span
  }

  /// `with:`, which needs rows that stand alone, and names by which two files belong together.
  private static func heads(
    _ keys: Keys, _ header: TableShape.HeaderRows, _ fillDown: [SourceText], _ own: [SourceText]
  ) -> HeadsDefinition? {
    guard let with = keys.optionalMap("with") else { return nil }
    let files = with.texts("files")
    let key = with.texts("key")
    let rows = Self.header(with)
    with.finish()
    if let place = keys.keyText("with") {
      if !fillDown.isEmpty { keys.faults.report(.badValue, at: place, ["with", "no fill_down"]) }
      if header.isFolded || rows.isFolded {
        keys.faults.report(.badValue, at: place, ["with", "header: 1 | none"])
      }
    }
    guard let files, let key else { return nil }
    let stars = (own + files).filter { $0.text.count { $0 == "*" } != 1 || $0.text.contains("?") }
    for pattern in stars { keys.faults.report(.badValue, at: pattern, [pattern.text, "one * (read.with)"]) }
    if files.count != own.count, let place = with.keyText("files") {
      keys.faults.report(.badValue, at: place, ["files", "\(own.count) × …*…"])
    }
    guard stars.isEmpty, files.count == own.count else { return nil }
    return HeadsDefinition(files: files, key: key, header: rows)
  }

  /// `skip:`, one rule or a list of them.
  private static func skips(_ keys: Keys) -> [SkipDefinition] {
    guard let node = keys.optional("skip") else { return [] }
    if case .list(let items) = node.content {
      return items.compactMap { SkipDefinition(Keys(of: $0, faults: keys.faults)) }
    }
    return keys.optionalMap("skip").flatMap { SkipDefinition($0) }.map { [$0] } ?? []
  }

  private enum HeaderRows: String, CaseIterable {
    case one = "1"
    case two = "2"
    case none
  }

  /// How many rows the header has; `none` wants names of columns, and tagged rows have two headers of their own.
  private static func header(_ keys: Keys) -> TableShape.HeaderRows {
    let rows = keys.choice("header", default: HeaderRows.one)
    let columns = keys.optionalTexts("columns")
    let tagged = keys.optionalMap("tagged").flatMap { TagRule($0) }
    if rows != .none, columns != nil, let key = keys.keyText("columns") {
      keys.faults.report(.badValue, at: key, ["columns", "header: none"])
    }
    if rows == .one, tagged == nil { return .one }
    if let tagged {
      if let key = keys.keyText("header") { keys.faults.report(.badValue, at: key, ["header", "tagged"]) }
      return .tagged(tagged)
    }
    guard rows == .none else { return .two }
    guard let columns = keys.texts("columns") else { return .none([]) }
    var seen: Set<String> = []
    for column in columns where column.text != "-" && !seen.insert(column.text).inserted {
      keys.faults.report(.doubledKey, at: column, [column.text])
    }
    return .none(columns.map(\.text))
  }
}

extension TableShape.HeaderRows {
  /// Whether a row needs another to be understood.
  fileprivate var isFolded: Bool {
    switch self {
    case .one, .none: false
    case .two, .tagged: true
    }
  }
}

extension TagRule {
  fileprivate init?(_ keys: Keys) {
    let column = keys.text("column").flatMap { integer($0, in: 1...1000, keys.faults) }
    let document = keys.text("document")
    let record = keys.text("record")
    keys.finish()
    guard let column, let document, let record else { return nil }
    self.init(cell: column - 1, document: document.text, record: record.text)
  }
}

extension SkipDefinition {
  fileprivate init?(_ keys: Keys) {
    let column = keys.text("column")
    let marks = keys.texts("marks")
    keys.finish()
    guard let column, let marks else { return nil }
    self.init(column: column, marks: marks)
  }
}

extension TrailerDefinition {
  private enum Total: String, CaseIterable { case sum }

  fileprivate init?(_ keys: Keys) {
    let column = keys.text("column")
    let mark = keys.text("mark")
    let totals = keys.map("totals")
    let sums = keys.entries("totals").map(\.key)
    for sum in sums { _ = totals?.choice(sum.text, of: Total.self) }
    totals?.finish()
    keys.finish()
    guard let column, let mark, totals != nil else { return nil }
    self.init(column: column, mark: mark, sums: sums)
  }
}

extension DocumentDefinition {
  fileprivate init?(_ keys: Keys) {
    let key = keys.texts("key")
    let date = keys.text("date")
    let same = keys.optionalTexts("same") ?? []
    let start = keys.optionalText("start").flatMap { day($0, keys.faults) }
    let ignore = keys.optionalText("ignore")
    let complete = keys.optionalText("complete")
    let sign = keys.optionalText("sign")
    let void = keys.optionalText("void")
    let changed = keys.choice("changed", default: DocumentRule.ChangedPolicy.hold)
    let withdrawn = keys.choice("withdrawn", default: DocumentRule.WithdrawnPolicy.warn)
    let missing = keys.optionalChoice("missing", of: DocumentRule.MissingRule.Policy.self)
    let maxMissing = keys.optionalText("max_missing").flatMap { percentage($0, keys.faults) }
    if missing != .reverse, let place = keys.keyText("max_missing") {
      keys.faults.report(.badValue, at: place, ["max_missing", "max_missing + missing: reverse"])
    }
    keys.notBuilt("version")
    keys.finish()
    guard let key, let date else { return nil }
    self.init(
      key: key, date: date, same: same, start: start, ignore: ignore, complete: complete, void: void,
      changed: changed, withdrawn: withdrawn, missing: missing, maxMissing: maxMissing, sign: sign)
  }
}

extension AcknowledgeDefinition {
  fileprivate init?(_ keys: Keys) {
    let voucher = keys.text("voucher")
    number = keys.optionalText("number")
    refused = keys.optionalText("refused")
    reason = keys.optionalText("reason")
    keys.finish()
    guard let voucher else { return nil }
    self.voucher = voucher
  }
}

extension DocumentDefinition {
  /// The records of one voucher.
  fileprivate init(answeredBy answer: AcknowledgeDefinition) {
    self.init(
      key: [answer.voucher], date: SourceText("", at: answer.voucher.place),
      same: [], changed: .hold, withdrawn: .warn)
  }
}

extension WriteDefinition {
  fileprivate init?(item: Node, faults: Faults) {
    let keys = Keys(of: item, faults: faults)
    let profile = keys.text("profile")
    let file = keys.text("file")
    keys.finish()
    guard let profile, let file else { return nil }
    self.init(profile: profile, file: file)
  }
}

extension NewCodesDefinition {
  fileprivate init?(item: Node, faults: Faults) {
    let keys = Keys(of: item, faults: faults)
    let table = keys.text("table")
    let profile = keys.text("profile")
    let file = keys.text("file")
    let fields: [(name: SourceText, field: SourceText)] = keys.entries("fields").compactMap { entry in
      guard case .scalar(let field) = entry.value.content else {
        faults.report(.wrongShape, at: entry.value.source, ["a text"])
        return nil
      }
      return (entry.key, field)
    }
    keys.finish()
    guard let table, let profile, let file else { return nil }
    self.init(table: table, profile: profile, file: file, fields: fields)
  }
}
