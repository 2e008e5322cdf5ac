public import Ledger

/// The encodings that a table of text may have.
public enum TextEncoding: String, Sendable, Hashable, CaseIterable {
  case utf8 = "utf-8"
  /// Also reads GBK and GB2312, which are parts of it.
  case gb18030
}

/// How an interface's files are laid out, from the `read:` part of its mapping.
public struct TableLayout: Sendable, Hashable {
  public var encoding: TextEncoding
  /// `,` `;` tab or `|`.
  public var delimiter: UInt8
  /// Captions of the columns that the mapping names, each once: all of them must be in the header.
  public var columns: [String]
  /// Columns (indices into `columns`) whose cells begin a new run of records when they change.
  public var keyColumns: [Int]
  public var skips: [SkipRule]
  public var trailer: TrailerRule?
  /// How the file differs from one header row above rows that stand alone; `nil` where it doesn't.
  public var shape: TableShape?
  /// How an XML file holds the records, whose columns are paths then; `nil` for a table of text.
  public var xml: XMLShape?
  /// Which worksheet of an XML spreadsheet the table is; `nil` for other files.
  public var sheet: SheetShape?
  /// Index into `columns`: the cell that has the line of the row in the file that people know.
  var lineColumn: Int?
  /// How numbers are written; only control totals are read here.
  public var decimalMark: DecimalMark
  public var limits: ReadingLimits
  /// Of a table whose rows were put together: what they are when a part of them is missing.
  var joining: Joining?

  enum Joining: Sendable, Hashable {
    /// A row has so many cells of its own, and the others from the row with its key in `heads`.
    case head(ownCells: Int, heads: String, key: String)
    /// A row has so many cells of its document, and behind them those of a record.
    case tagged(TagRule, documentCells: Int)
    /// A row's last cell is missing where an XML document has none of the elements at `paths`.
    case records(paths: String)
  }

  public init(
    encoding: TextEncoding, delimiter: UInt8, columns: [String], keyColumns: [Int],
    skips: [SkipRule] = [], trailer: TrailerRule? = nil, shape: TableShape? = nil, xml: XMLShape? = nil,
    sheet: SheetShape? = nil, decimalMark: DecimalMark = .point,
    limits: ReadingLimits = ReadingLimits()
  ) {
    self.encoding = encoding
    self.delimiter = delimiter
    self.columns = columns
    self.keyColumns = keyColumns
    self.skips = skips
    self.trailer = trailer
    self.shape = shape
    self.xml = xml
    self.sheet = sheet
    self.decimalMark = decimalMark
    self.limits = limits
  }

  /// Leaves out the columns that are not among `kept`, and the marks that stand in them.
  mutating func keep(columns kept: [Int]) {
    let places = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    columns = kept.map { columns[$0] }
    skips = skips.compactMap { rule in places[rule.column].map { SkipRule(column: $0, marks: rule.marks) } }
    trailer = trailer.flatMap { rule in
      places[rule.column].map {
        TrailerRule(column: $0, mark: rule.mark, sums: rule.sums.compactMap { places[$0] })
      }
    }
  }

  /// The layout of the table that `TableFlattening` or `XMLFlattening` writes.
  public func flattened(_ header: Header) -> TableLayout {
    var layout = plain
    if xml != nil {
      (layout.encoding, layout.delimiter) = (.utf8, 0x2C)
      layout.lineColumn = columns.count
      layout.columns.append(Self.lineCaption)
      layout.joining = .records(paths: xml?.recordTexts ?? "")
      // How many columns there are is the mapping's doing, not the file's.
      layout.limits.columns = max(limits.columns, columns.count + 4)
    }
    if let heads = shape?.heads {
      layout.joining = .head(
        ownCells: header.upperCells, heads: heads.files, key: heads.key.joined(separator: ", "))
    } else if case .tagged(let rule)? = shape?.header {
      layout.joining = .tagged(rule, documentCells: header.upperCells)
    }
    return layout
  }

  /// Where the cells of the table that was made by this layout stand in a row of the file, from 0; -1 for what stands in
  /// another row, another file, or in no row at all.
  ///
  /// - Parameters:
  ///   - header: of the file.
  ///   - cells: those of the layout's columns in the table.
  public func cellsInFile(_ header: Header, _ cells: [Int]) -> [Int] {
    if xml != nil { return cells.map { _ in -1 } }
    let upper = header.upperCells
    if shape?.heads != nil { return cells.map { $0 < upper ? $0 : -1 } }
    guard case .tagged? = shape?.header else { return cells }
    return cells.map { $0 < upper ? -1 : $0 - upper }
  }

  /// Whether the rows are those of one XML file, in which an element bounds each document.
  public var countsElements: Bool { lineColumn != nil }

  /// The same table with one column, every row of which is data.
  public func only(_ caption: String) -> TableLayout {
    var layout = self
    (layout.columns, layout.keyColumns, layout.skips) = ([caption], [], [])
    (layout.trailer, layout.lineColumn) = (nil, nil)
    return layout
  }

  /// The same table when each row stands alone under one header row.
  public var plain: TableLayout {
    var layout = self
    (layout.shape, layout.xml, layout.sheet) = (nil, nil, nil)
    return layout
  }
}

extension TableLayout {
  /// Whether the rows stand alone under one header row as the file has them.
  public var isPlain: Bool { shape == nil && xml == nil && sheet == nil }
}

/// What must be done to a table so that each row stands alone under one header row.
public struct TableShape: Sendable, Hashable {
  public enum HeaderRows: Sendable, Hashable {
    case one
    /// The upper one's cells stand for those at their right that are empty; both together are the caption.
    case two
    /// No header: names of the columns by position.
    case none([String])
    /// Two header rows, for rows of documents and rows of records.
    case tagged(TagRule)
  }

  public var header: HeaderRows
  /// Captions of columns that are filled on a document's first row only.
  public var filledDown: [String]
  /// The other table from which each row gets more cells.
  public var heads: HeadsShape?

  public init(header: HeaderRows = .one, filledDown: [String] = [], heads: HeadsShape? = nil) {
    self.header = header
    self.filledDown = filledDown
    self.heads = heads
  }
}

/// A second table with one row for many of the first: the documents' heads, where the first has their lines.
public struct HeadsShape: Sendable, Hashable {
  /// `one` or `none`.
  public var header: TableShape.HeaderRows
  /// Captions of the columns, in both tables, by which rows belong together.
  public var key: [String]
  /// How its files are called, for findings.
  public var files: String

  public init(header: TableShape.HeaderRows, key: [String], files: String) {
    self.header = header
    self.key = key
    self.files = files
  }
}

/// Rows of two kinds in one table: those of a document, and those of its records below it.
public struct TagRule: Sendable, Hashable {
  /// The cell that says which a row is, from 0.
  public var cell: Int
  public var document: String
  public var record: String

  public init(cell: Int, document: String, record: String) {
    self.cell = cell
    self.document = document
    self.record = record
  }
}

/// Rows that are layout, not data: `column`'s whole cell is one of `marks`.
public struct SkipRule: Sendable, Hashable {
  /// Index into `TableLayout.columns`.
  public var column: Int
  public var marks: [String]

  public init(column: Int, marks: [String]) {
    self.column = column
    self.marks = marks
  }
}

/// The export's own control totals: one row after the data whose `column` cell is `mark`.
public struct TrailerRule: Sendable, Hashable {
  /// Index into `TableLayout.columns`.
  public var column: Int
  public var mark: String
  /// Columns (indices into `TableLayout.columns`) whose cell of the trailer states the sum of the data rows.
  public var sums: [Int]

  public init(column: Int, mark: String, sums: [Int]) {
    self.column = column
    self.mark = mark
    self.sums = sums
  }
}

/// What a reader refuses, so that memory and time stay bounded whatever a file holds.
public struct ReadingLimits: Sendable, Hashable {
  /// Longest row, quoted line breaks included.
  public var rowBytes: Int
  /// Longest run of rows with equal keys, which has to be in memory as a whole.
  public var documentBytes: Int
  /// Among how many rows from the top the header is looked for.
  public var headerRows: Int
  /// How many columns a header may have.
  public var columns: Int

  /// The header is looked for in so much of a file and no more.
  public static let headerBytes = 1 << 20

  /// What refuses nothing.
  static var none: ReadingLimits {
    ReadingLimits(rowBytes: .max, documentBytes: .max, headerRows: .max, columns: .max)
  }

  public init(
    rowBytes: Int = 1 << 24, documentBytes: Int = 1 << 26, headerRows: Int = 50, columns: Int = 16_384
  ) {
    self.rowBytes = rowBytes
    self.documentBytes = documentBytes
    self.headerRows = headerRows
    self.columns = columns
  }
}

/// A column's control total as the export states it, and as its data rows add up.
public struct ControlTotal: Sendable, Hashable {
  public var column: String
  /// `nil` where the trailer's cell is no number.
  public var declared: Decimal?
  public var summed: Decimal
  /// Data rows whose cell was no number and so has no part in `summed`.
  public var unparsed: Int

  public init(column: String, declared: Decimal?, summed: Decimal, unparsed: Int) {
    self.column = column
    self.declared = declared
    self.summed = summed
    self.unparsed = unparsed
  }
}
