import Findings
import Readers

/// A file as a plain table: itself where it is one, else what it was written again to.
struct PlainTable {
  private(set) var source: ByteSource
  let layout: TableLayout
  let header: Header
  /// Keeps what was written for as long as somebody reads `source`.
  private(set) var flattened: Spilled?

  /// What is to be told of rows of the file with the heads.
  private(set) var remarks: [HeadRows.Remark] = []

  /// Why none of the file's rows may be posted, where it can't be read to its end.
  private(set) var fault: Finding?

  /// Of an XML file: its documents.
  private(set) var documents: [XMLDocumentPlace] = []

  /// What is being made of an XML file.
  private var xml: XMLTable?

  /// Whether the file is a plain table as it is.
  var isSource: Bool { flattened == nil && xml == nil }

  /// Waits until the table is there as a whole.
  mutating func settle() throws {
    guard let end = try xml?.end() else { return }
    (fault, documents, flattened) = (end.fault, end.documents, end.rows)
    source = end.rows.source
  }

  /// Nobody reads it to its end.
  /// - Throws: what kept it from being there.
  func cancel() throws { try xml?.cancel() }

  /// - Parameters:
  ///   - heads: the file with the documents' heads, where there is one, with the digest that gets its bytes.
  ///   - digest: gets the file's bytes, unless it is a plain table: then whoever reads it feeds the digest.
  init(
    _ source: ByteSource, _ file: FileLayout, file name: String,
    heads: (source: ByteSource, digest: BackgroundDigest)? = nil, digest: BackgroundDigest,
    _ spilling: Spilling
  ) throws {
    if file.layout.sheet != nil {
      self = try PlainTable(sheetOf: source, file.layout, file: name, digest: digest, spilling)
      return
    }
    layout = file.layout.flattened(file.header)
    if file.layout.isPlain {
      (self.source, header) = (source, file.header)
      return
    }
    if file.layout.xml != nil {
      let table = XMLTable(source, file, file: name, digest: digest, spilling)
      xml = table
      self.source = table.source
      var header = try Header.find(in: table.source, layout: layout, file: name)
      // The captions are our own: they are missing only where the parsing failed before its first row.
      if !header.fits { _ = try table.end() }
      // The row of captions is none of the file's.
      header.titleRows -= 1
      header.cellsInFile = file.layout.cellsInFile(file.header, header.cells)
      self.header = header
      return
    }
    var rows = SpillWriter(spilling, most: spilling.budget / 4)
    var headRows: HeadRows?
    if let heads, let header = file.heads {
      headRows = try HeadRows(
        heads.source, layout: file.layout, header: header, file: name,
        observer: { heads.digest.update($0) })
    }
    var flattening = TableFlattening(
      source, layout: file.layout, header: file.header, file: name, heads: headRows)
    try flattening.write(observer: { digest.update($0) }, to: { try rows.append($0) })
    let written = try rows.finish()
    flattened = written
    remarks = flattening.heads?.remarks ?? []
    self.source = written.source
    var header = try Header.find(in: written.source, layout: layout, file: name)
    if case .none? = file.layout.shape?.header {
      header.line -= 1
      header.bodyLine -= 1
      // What was written above the rows is none of the export's.
      header.titleRows -= 1
    }
    header.cellsInFile = file.layout.cellsInFile(file.header, header.cells)
    self.header = header
  }

  /// Of an XML spreadsheet: its table of text, which may have to be made plain itself.
  private init(
    sheetOf source: ByteSource, _ sheet: TableLayout, file name: String, digest: BackgroundDigest,
    _ spilling: Spilling
  ) throws {
    var rows = SpillWriter(spilling, most: spilling.budget / 4)
    let fault = try SheetFlattening(source, layout: sheet, file: name)
      .write(observer: { digest.update($0) }, to: { try rows.append($0) })
    let written = try rows.finish()
    let text = sheet.sheetText
    let header = try Header.find(in: written.source, layout: text, file: name)
    guard header.fits else {
      // It was broken before its header: nothing of it is read.
      var blank = Header()
      blank.cells = Array(text.columns.indices)
      blank.captions = text.columns
      self.header = blank
      (self.source, layout, flattened) = (.bytes([]), text.plain, written)
      self.fault = fault ?? header.findings.first
      return
    }
    guard !text.isPlain, fault == nil else {
      (self.source, layout, self.header) = (written.source, text.plain, header)
      (flattened, self.fault) = (written, fault)
      return
    }
    self = try PlainTable(
      written.source, FileLayout(layout: text, header: header), file: name, digest: BackgroundDigest(),
      spilling)
    // What was written first is read no more.
  }
}
