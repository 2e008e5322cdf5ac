public import Findings

/// The header row of a table of text, found by its captions, and how well it fits a layout.
///
/// Recognition asks it of each interface that a file's name fits; the reader then goes by it.
public struct Header: Sendable, Hashable {
  /// All captions, without white space around them.
  public var captions: [String] = []
  /// For each column of the layout its cell in a row, from 0; -1 where the header doesn't have it.
  public var cells: [Int] = []
  /// The same in a row as the file has it, where the table was made from one; -1 for what stands elsewhere.
  public var cellsInFile: [Int]?
  /// The row as it stands in the file, so that it is known when it comes again; empty where there is none.
  public var row: [UInt8] = []
  /// The row's own bytes in the file, without byte-order mark and line end.
  public var bytes: Range<Int64> = 0..<0
  /// Of tagged rows: how many captions the document rows have.
  var upperCells = 0
  /// Physical line of the row, from 1.
  public var line = 1
  /// Rows above it.
  public var titleRows = 0
  /// Where the data begins in the file, and on which line.
  public var bodyStart: Int64 = 0
  public var bodyLine = 1
  /// Why the file can't be read by the layout; empty where it can.
  public var findings: [Finding] = []
  /// Whether the file is one of ours that came back mended: it has the column for the reject number.
  public var isRejectFile = false
  /// Of an XML file that came back: the interface that it says it belongs to.
  public var rejectOf: String?

  /// Cells (from 0) that the program itself put behind an export's own when it sent rows back.
  public var rejectCells: Set<Int> {
    guard isRejectFile else { return [] }
    let own = Set(Self.rejectCaptions.joined().map { Self.comparable($0).lowercased() })
    return Set(captions.indices.filter { own.contains(Self.comparable(captions[$0]).lowercased()) })
  }

  /// The caption of the reject number as this file has it.
  public var rejectNumberCaption: String? {
    let own = Set(Self.rejectCaptions.map { Self.comparable($0[0]).lowercased() })
    return captions.first { own.contains(Self.comparable($0).lowercased()) }
  }

  /// Columns of the layout that the header has.
  public var matched: Int { cells.count { $0 >= 0 } }
  public var fits: Bool { findings.isEmpty }

  public init() {}

  /// Captions of the five columns that reject files have and exports don't, in Chinese and in English; the first is
  /// that of the reject number.
  public static let rejectCaptions = [
    ["退回编号", "退回代码", "退回位置", "退回原因", "处理建议"],
    ["reject number", "reject code", "reject place", "reject reason", "reject remedy"],
  ]

  /// Looks for the header in the first `headerBytes` of `source`: the first of the first `limits.headerRows` rows that has all
  /// columns of `layout`, else the row that has most of them.
  ///
  /// - Parameter file: the name that findings call the file by.
  public static func find(
    in source: ByteSource, layout: TableLayout, file: String
  ) throws(ReadError) -> Header {
    // One byte more tells whether there is more; how long the file is nobody may know yet.
    var prefix = try source.bytes(in: 0..<Int64(ReadingLimits.headerBytes + 1))
    let isWhole = prefix.count <= ReadingLimits.headerBytes
    if !isWhole { prefix.removeLast() }
    var header = Header()
    header.cells = Array(repeating: -1, count: layout.columns.count)
    if prefix.isEmpty {
      header.findings = [Finding(.fileEmpty, .stopFile, at: Place(file: file))]
      return header
    }
    let hasMark = prefix.starts(with: byteOrderMark)
    var kind = FirstBytes.kind(of: prefix)?.rawValue
    if kind == nil, hasMark, layout.encoding == .gb18030 { kind = "UTF-8" }
    if let kind {
      header.findings = [Finding(.fileWrongKind, .stopFile, at: Place(file: file), [kind])]
      return header
    }
    // So that a prefix in which a long row is cut still shows its rows.
    if isWhole, prefix.last != 0x0A { prefix.append(0x0A) }
    if case .none(let names)? = layout.shape?.header {
      header.place(names, over: prefix, from: hasMark ? 3 : 0, isWhole, layout, file)
      return header
    }
    prefix.withUnsafeBufferPointer { bytes in
      header.search(bytes.baseAddress!, from: hasMark ? 3 : 0, to: bytes.count, isWhole, layout, file)
    }
    return header
  }

  private mutating func search(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, _ isWhole: Bool, _ layout: TableLayout,
    _ file: String
  ) {
    let wanted = layout.columns.map(Self.comparable)
    let shape = layout.shape?.header ?? .one
    let index = RowScanner.scan(base, from: start, to: end, isLast: isWhole, layout: layout)
    var atLine = 1
    var bestMatch = 0
    var widest = 0
    var bestRow: (row: RowIndex.Row, number: Int, line: Int)?
    for (number, row) in index.rows.prefix(layout.limits.headerRows).enumerated() {
      defer { atLine += 1 + Int(row.innerLines) }
      widest = max(widest, Int(row.cells))
      guard Int(row.cells) <= layout.limits.columns else { continue }
      let captions = Self.captions(at: number, index, base, layout, shape).map(Self.comparable)
      let matches = wanted.count { Self.place(of: $0, among: captions) != nil }
      guard matches > bestMatch else { continue }
      bestMatch = matches
      bestRow = (row, number, atLine)
      if matches == wanted.count { break }
    }
    guard let best = bestRow else {
      // What was cut off has no end yet: its row can only be wider.
      let last = index.rows.last
      let cut = isWhole ? 0 : index.cellStarts.count - (last.map { Int($0.firstCell + $0.cells) + 1 } ?? 0)
      findings = [notFound(layout, widest: max(widest, cut), file)]
      // Most probably the reason: the file is in another encoding.
      proveText(base, index, before: index.restStart, layout, file)
      return
    }
    captions = Self.captions(at: best.number, index, base, layout, shape)
    let last = shape.rows > 1 && best.number + 1 < index.rows.count ? index.rows[best.number + 1] : best.row
    bytes = Int64(best.row.start)..<Int64(last.end)
    row = Array(UnsafeBufferPointer(start: base + Int(best.row.start), count: Int(last.end - best.row.start)))
    upperCells = Int(best.row.cells)
    line = best.line
    titleRows = best.number
    bodyStart = Int64(last.next)
    bodyLine = best.line + 1 + Int(best.row.innerLines)
    if shape.rows > 1 { bodyLine += 1 + Int(last.innerLines) }
    assign(layout, wanted, file)
    proveText(base, index, before: Int(last.next), layout, file)
  }

  private func notFound(_ layout: TableLayout, widest: Int, _ file: String) -> Finding {
    if widest > layout.limits.columns {
      return Finding(
        .tooManyColumns, .stopFile, at: Place(file: file, line: 1),
        [String(widest), String(layout.limits.columns)])
    }
    return Finding(
      .headerMissing, .stopFile, at: Place(file: file, line: 1),
      [
        layout.columns.joined(separator: ", "), String(layout.limits.headerRows),
        String(ReadingLimits.headerBytes),
      ])
  }

  private mutating func proveText(
    _ base: UnsafePointer<UInt8>, _ index: RowIndex, before end: Int, _ layout: TableLayout, _ file: String
  ) {
    guard let bad = index.badBytes.first, bad < end else { return }
    let line = 1 + WordScan.lineFeeds(base, from: 0, to: Int(bad))
    let byte = hexadecimal(base[Int(bad)])
    findings.append(
      Finding(.badByte, .stopFile, at: Place(file: file, line: line), [byte, layout.encoding.rawValue]))
  }

  /// Which cell each column of the layout has, with a finding for each that has none or several.
  private mutating func assign(_ layout: TableLayout, _ wanted: [String], _ file: String) {
    let found = captions.map(Self.comparable)
    let ordinals = Set(wanted.compactMap { Self.ordinal($0, among: found)?.caption })
    isRejectFile = rejectNumberCaption != nil
    for (column, caption) in wanted.enumerated() {
      // Where a mapping tells doubled captions apart, the plain one is the first of them.
      var places = Self.place(of: caption, among: found).map { [$0] } ?? []
      if !ordinals.contains(caption), Self.ordinal(caption, among: found) == nil {
        places = found.indices.filter { found[$0] == caption }
      }
      let name = layout.columns[column]
      if let first = places.first { cells[column] = first }
      if places.count > 1 {
        let positions = places.map { String($0 + 1) }.joined(separator: ", ")
        findings.append(
          Finding(
            .columnDoubled, .stopFile, at: Place(file: file, line: line, column: places[1] + 1, field: name),
            [name, positions]))
      } else if places.isEmpty {
        // A caption that another column has is not what this one was meant to be.
        let free = captions.indices.filter { !wanted.contains(found[$0]) && !found[$0].isEmpty }
        let near = nearest(to: name, among: free.map { captions[$0] })
        findings.append(
          Finding(.columnMissing, .stopFile, at: Place(file: file, line: line, field: name), [name, near]))
      }
    }
  }

  /// The cell of a caption, or of `caption#2`, the second that has it.
  private static func place(of wanted: String, among captions: [String]) -> Int? {
    guard let (caption, number) = ordinal(wanted, among: captions) else {
      return captions.firstIndex(of: wanted)
    }
    let places = captions.indices.filter { captions[$0] == caption }
    return number <= places.count ? places[number - 1] : nil
  }

  /// What `caption#2` stands for, unless a caption is written like that.
  private static func ordinal(
    _ wanted: String, among captions: [String]
  ) -> (caption: String, number: Int)? {
    guard let sign = wanted.lastIndex(of: "#"), !captions.contains(wanted),
      let number = Int(wanted[wanted.index(after: sign)...]), number > 0
    else { return nil }
    return (String(wanted[..<sign]), number)
  }

  /// The captions that the row makes, with the one below it where a header has two.
  private static func captions(
    at number: Int, _ index: RowIndex, _ base: UnsafePointer<UInt8>, _ layout: TableLayout,
    _ shape: TableShape.HeaderRows
  ) -> [String] {
    let upper = captions(of: index.rows[number], index, base, layout.encoding)
    guard shape.rows > 1 else { return upper }
    guard number + 1 < index.rows.count else { return [] }
    let lower = captions(of: index.rows[number + 1], index, base, layout.encoding)
    if case .tagged = shape { return upper + lower }
    var above = ""
    return (0..<max(upper.count, lower.count)).map { cell in
      let own = cell < upper.count ? upper[cell] : ""
      let below = cell < lower.count ? lower[cell] : ""
      if !own.isEmpty { above = own }
      // A caption over nothing below it spans both rows, and nothing at its right.
      if below.isEmpty { return own }
      return above.isEmpty ? below : above + "." + below
    }
  }

  /// A table without header: its columns have names by position.
  private mutating func place(
    _ names: [String], over prefix: [UInt8], from start: Int, _ isWhole: Bool, _ layout: TableLayout,
    _ file: String
  ) {
    captions = names
    bodyStart = Int64(start)
    (line, bodyLine) = (0, 1)
    assign(layout, layout.columns.map(Self.comparable), file)
    prefix.withUnsafeBufferPointer { bytes in
      let base = bytes.baseAddress!
      let index = RowScanner.scan(base, from: start, to: bytes.count, isLast: isWhole, layout: layout)
      // What is skipped may be as long as it likes: a line that says what the file is.
      let skips = layout.skips.filter { cells[$0.column] >= 0 }.map {
        MarkedRows(
          cell: cells[$0.column], marks: $0.marks, ignoresColon: false, encoding: layout.encoding)
      }
      let first = index.rows.first { row in !skips.contains { $0.matches(base, row, index) } }
      if let first, Int(first.cells) != names.count {
        let line = 1 + bytes[..<index.cell(0, of: first).lowerBound].count { $0 == 0x0A }
        findings.append(
          Finding(
            .cellCount, .stopFile, at: Place(file: file, line: line),
            [String(first.cells), String(names.count)]))
      }
      proveText(bytes.baseAddress!, index, before: index.restStart, layout, file)
    }
  }

  private static func captions(
    of row: RowIndex.Row, _ index: RowIndex, _ base: UnsafePointer<UInt8>, _ encoding: TextEncoding
  ) -> [String] {
    var texts = CellTexts(base: base, blockLength: 0, encoding: .utf8)
    return (0..<Int(row.cells)).map { cell in
      let range = encoding.trimmed(base, index.cell(cell, of: row))
      // Unquoting is the same in both encodings; decoding comes after it.
      let bytes = texts.bytes(of: range)
      let text = encoding.text(of: bytes)
      let inner = text.drop(while: isSpace)
      return String(inner.reversed().drop(while: isSpace).reversed())
    }
  }

  /// A caption as it is compared: without any white space, which exports pad and break captions with.
  package static func comparable(_ caption: String) -> String {
    String(String.UnicodeScalarView(caption.unicodeScalars.filter { !isSpace($0) }))
  }

  private static func isSpace(_ character: Character) -> Bool { character.unicodeScalars.allSatisfy(isSpace) }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.value == 0xFEFF || scalar.value == 0x200B
  }
}

extension TableShape.HeaderRows {
  /// How many rows of the file the header takes.
  var rows: Int {
    switch self {
    case .none: 0
    case .one: 1
    case .two, .tagged: 2
    }
  }
}
