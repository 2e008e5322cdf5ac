public import Findings
internal import Ledger

/// The rows of the table with the documents' heads, found by key. Only where they stand is kept in memory, not what they hold.
public struct HeadRows {
  /// What is to be told of a head.
  public struct Remark: Sendable, Hashable {
    /// `head-unused`, `head-doubled`, or what makes the row unreadable.
    public var code: FindingCode
    public var line: Int
    public var arguments: [String]
  }

  private struct Place {
    var start: Int64
    var end: Int64
    var line: Int32
    var isUsed = false
    var isDoubled = false
  }

  private let source: ByteSource
  private let text: RowText
  private let delimiter: UInt8
  private let keyCells: [Int]
  private let width: Int
  private var keys = Codes()
  private var places: [Place] = []
  private var doubled: [Remark] = []
  private var unreadable: [Remark] = []
  private var last: (key: [UInt8], cells: [UInt8]?)?

  /// - Parameters:
  ///   - layout: of the interface, with the shape of its heads.
  ///   - header: what `Header.ofHeads` gave for the source.
  ///   - observer: gets every byte of the source in order, once.
  public init(
    _ source: ByteSource, layout: TableLayout, header: Header, file: String,
    observer: @escaping (ArraySlice<UInt8>) -> Void
  ) throws(ReadError) {
    var plain = layout.plain
    (plain.columns, plain.keyColumns, plain.skips, plain.trailer) = ([], [], [], nil)
    self.source = source
    text = RowText(layout: plain)
    delimiter = layout.delimiter
    keyCells = header.keyCells(layout)
    width = header.captions.count
    var rows = header
    rows.cells = []
    var reader = CSVReader(source: source, layout: plain, header: rows, file: file, observer: observer)
    while let batch = try reader.next() {
      var faults = batch.unreadable[...]
      for i in 0..<batch.count {
        if let fault = faults.first, Int(fault.index) == i {
          faults.removeFirst()
          unreadable.append(Remark(code: fault.code, line: Int(fault.line), arguments: fault.arguments))
          continue
        }
        try add(Place(start: batch.starts[i], end: batch.ends[i], line: batch.lines[i]))
      }
    }
  }

  private mutating func add(_ place: Place) throws(ReadError) {
    let row = try source.bytes(in: place.start..<place.end)
    let key = Self.key(of: row, text, keyCells)
    let known = keys.count
    let code = Int(key.withUnsafeBufferPointer { keys.intern($0) })
    guard code < known else { return places.append(place) }
    // The same row twice says nothing new.
    guard try source.bytes(in: places[code].start..<places[code].end) != row else { return }
    places[code].isDoubled = true
    doubled.append(
      Remark(
        code: .headDoubled, line: Int(place.line),
        arguments: [keys.text(Int32(code)).printable, String(places[code].line)]))
  }

  /// The cells that a row gets: those of the head with its key, but the key; `nil` where there is none, or
  /// several that differ.
  mutating func cells(for key: [UInt8]) throws(ReadError) -> [UInt8]? {
    if let last, last.key == key { return last.cells }
    var cells: [UInt8]?
    let code = Int(key.withUnsafeBufferPointer { keys.find($0) })
    if code >= 0 {
      places[code].isUsed = true
      if !places[code].isDoubled {
        let row = try source.bytes(in: places[code].start..<places[code].end)
        cells = Array(
          (text.rawCells(of: row) + Array(repeating: [], count: width)).prefix(width).enumerated()
            .filter { !keyCells.contains($0.offset) }.map { $0.element.map { $0 == 0x0A ? 0x20 : $0 } }
            .joined(separator: [delimiter]))
      }
    }
    last = (key, cells)
    return cells
  }

  /// A row's key: its cells as text without white space around them.
  static func key(of row: [UInt8], _ text: RowText, _ keyCells: [Int]) -> [UInt8] {
    let cells = text.cells(of: row)
    let texts = keyCells.map { cell in
      let own = cell < cells.count ? cells[cell][...] : ""
      return String(own.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
    return Array(texts.joined(separator: "\u{1F}").utf8)
  }

  /// What is to be told of the heads, once all rows have asked it, in order of its lines.
  public var remarks: [Remark] {
    let unused = places.enumerated().filter { !$1.isUsed }.map { code, place in
      Remark(
        code: .headUnused, line: Int(place.line), arguments: [keys.text(Int32(code)).printable])
    }
    return (unreadable + doubled + unused).sorted { $0.line < $1.line }
  }
}

extension Header {
  /// The cells of the key in the table that this is the header of.
  func keyCells(_ layout: TableLayout) -> [Int] {
    let key = layout.shape?.heads?.key ?? []
    return key.compactMap { caption in layout.columns.firstIndex(of: caption).map { cells[$0] } }
  }

  /// The header of the table with the heads.
  public static func ofHeads(
    in source: ByteSource, layout: TableLayout, file: String
  ) throws(ReadError) -> Header {
    var own = layout
    own.shape = layout.shape?.heads.map { TableShape(header: $0.header) }
    return try part(in: source, own, keyOf: layout, file)
  }

  /// The header of a table that gets cells from heads: its own captions, and behind them theirs but the key.
  ///
  /// - Returns: with findings where columns of the layout are in neither, or the key is not in both.
  public static func joined(
    in source: ByteSource, with heads: Header, layout: TableLayout, file: String
  ) throws(ReadError) -> Header {
    var header = try part(in: source, layout, keyOf: layout, file)
    guard header.fits else { return header }
    guard heads.fits else {
      header.findings = heads.findings
      return header
    }
    header.upperCells = header.captions.count
    let key = Set(heads.keyCells(layout))
    header.captions += heads.captions.indices.filter { !key.contains($0) }.map { heads.captions[$0] }
    let text = RowText(layout: layout.plain)
    let row = Array(header.captions.map { text.cell($0) }.joined(separator: [layout.delimiter])) + [0x0A]
    let whole = try Header.find(in: .bytes(row), layout: layout.plain, file: file)
    header.cells = whole.cells
    header.findings = whole.findings.map { finding in
      var finding = finding
      finding.place.line = header.line
      return finding
    }
    return header
  }

  /// A part's own header: columns that it lacks may be the other part's, but for the key.
  private static func part(
    in source: ByteSource, _ own: TableLayout, keyOf layout: TableLayout, _ file: String
  ) throws(ReadError) -> Header {
    var header = try find(in: source, layout: own, file: file)
    let key = Set(layout.shape?.heads?.key ?? [])
    header.findings.removeAll { finding in
      finding.code == .columnMissing && !key.contains(finding.arguments.first ?? "")
    }
    return header
  }
}
