internal import CXML
public import Findings

/// A worksheet of an XML spreadsheet (SpreadsheetML 2003, which spreadsheet programs save as "XML" and many exports write
/// under an `.xls` name).
public struct SheetShape: Sendable, Hashable {
  /// `nil`: the first worksheet.
  public var name: String?

  public init(name: String? = nil) { self.name = name }
}

/// Writes a worksheet as a table of text, comma and UTF-8, one line a row of the sheet: a line's number is the row's, and
/// what `ss:Index` leaves out is blank.
///
/// Source: Microsoft, "XML Spreadsheet Reference" (Excel 2002 and later): Workbook, Worksheet, Table, Row, Cell, Data.
public struct SheetFlattening {
  static let namespace = "urn:schemas-microsoft-com:office:spreadsheet"
  private let source: ByteSource
  private let layout: TableLayout
  private let file: String
  private let pieceBytes: Int

  /// - Parameter layout: with `sheet`.
  public init(_ source: ByteSource, layout: TableLayout, file: String, pieceBytes: Int = 1 << 16) {
    (self.source, self.layout, self.file, self.pieceBytes) = (source, layout, file, pieceBytes)
  }

  /// - Parameters:
  ///   - observer: gets every byte of the source in order, once.
  ///   - sink: takes the table.
  /// - Returns: why the file can't be read to its end, where it can't.
  public func write(
    observer: (ArraySlice<UInt8>) -> Void, to sink: (ArraySlice<UInt8>) throws -> Void
  ) throws -> Finding? {
    try withoutActuallyEscaping(sink) { sink in
      try withoutActuallyEscaping(observer) { observer in
        let walk = SheetWalk(layout, file, sink)
        var tapes = try XMLTapes(source, file: file, pieceBytes: pieceBytes, observer: observer)
        var finding: Finding?
        var tape: XMLTape?
        while true {
          tape = try tapes.next(on: tape)
          guard let tape else { break }
          guard finding == nil else { continue }
          tape.play(to: walk)
          finding = tape.fault ?? walk.fault
          if let failure = walk.failure { throw failure }
        }
        try walk.flush()
        return finding ?? walk.missing
      }
    }
  }

  /// The header of the sheet's table, looked for in the first bytes of the sheet.
  static func header(in source: ByteSource, layout: TableLayout, file: String) throws(ReadError) -> Header {
    let start = try source.bytes(in: 0..<Int64(ReadingLimits.headerBytes))
    var header = Header()
    header.cells = Array(repeating: -1, count: layout.columns.count)
    let (root, _, fault) = try XMLRoot.find(in: start, file: file)
    let wanted = XMLPath.Name(uri: namespace, local: "Workbook")
    guard fault != nil || root == wanted else {
      header.findings = [
        Finding(.xmlRootOther, .stopFile, at: Place(file: file), [root?.text ?? "", wanted.text])
      ]
      return header
    }
    let table = Table()
    let walk = SheetWalk(layout, file) { table.bytes.append(contentsOf: $0) }
    var tapes = try XMLTapes(source, file: file, pieceBytes: ReadingLimits.headerBytes) { _ in }
    var tape: XMLTape?
    // A sheet that begins behind other ones, or in the middle of a piece.
    var isIn = 0
    while isIn < 2, let next = try tapes.next(on: tape) {
      next.play(to: walk)
      tape = next
      if walk.missing == nil { isIn += tapes.isAtFirst ? 2 : 1 }
    }
    try? walk.flush()
    if !table.bytes.isEmpty {
      header = try Header.find(in: .bytes(table.bytes), layout: layout.sheetText, file: file)
    } else {
      header.findings = [walk.missing ?? Finding(.fileEmpty, .stopFile, at: Place(file: file))]
    }
    // A file that is broken before its header is the interface's by its name, and rejected when it is read.
    if !header.fits, fault != nil || tape?.fault != nil {
      header = Header()
      header.cells = Array(layout.columns.indices)
      header.captions = layout.columns
    }
    return header
  }

  private final class Table {
    var bytes: [UInt8] = []
  }
}

extension TableLayout {
  /// The layout of the table that `SheetFlattening` writes.
  public var sheetText: TableLayout {
    var layout = self
    (layout.sheet, layout.encoding, layout.delimiter) = (nil, .utf8, 0x2C)
    return layout
  }
}

private final class SheetWalk: XMLEvents {
  private let sheet: String?
  private let limits: ReadingLimits
  private let file: String
  private let sink: (ArraySlice<UInt8>) throws -> Void
  private var buffer: [UInt8] = []

  /// Whether the worksheet that is wanted has begun, and whether it has ended.
  private var isInSheet = false
  private var isDone = false
  /// The elements' local names, for those of the spreadsheet's namespace.
  private var path: [String] = []
  private var row = 0
  private var cells: [[UInt8]] = []
  private var text: [UInt8]?
  private var isNumber = false
  private var rowBytes = 0
  /// The widest row so far: exports leave out the cells at a row's end that are empty.
  private var widest = 0
  private var line = 0

  private(set) var failure: (any Error)?
  private(set) var fault: Finding?

  /// The last row that a spreadsheet can have.
  private static let lastRow = 1_048_576

  init(_ layout: TableLayout, _ file: String, _ sink: @escaping (ArraySlice<UInt8>) throws -> Void) {
    sheet = layout.sheet?.name
    limits = layout.limits
    (self.file, self.sink) = (file, sink)
  }

  /// What to say where the worksheet is not there.
  var missing: Finding? {
    isDone || isInSheet ? nil : Finding(.xmlNoDocuments, .stopFile, at: Place(file: file), [shown])
  }

  private var shown: String { sheet.map { "Worksheet ss:Name=\"\($0)\"" } ?? "Worksheet" }

  func flush() throws {
    try sink(buffer[...])
    buffer.removeAll(keepingCapacity: true)
  }

  private var isStopped: Bool { failure != nil || fault != nil }

  func start(_ element: XMLElement, _ attributes: UnsafeBufferPointer<cxml_attribute>) {
    let isOwn = element.uri.map { String(cString: $0) == SheetFlattening.namespace } ?? false
    path.append(isOwn ? String(cString: element.local) : "")
    guard !isStopped else { return }
    line = Int(element.line)
    switch (path.count, path.last) {
    case (2, "Worksheet"):
      guard !isDone, !isInSheet else { return }
      isInSheet = sheet == nil || sheet == value("Name", attributes)
    case (4, "Row") where isInSheet && path[2] == "Table":
      move(&row, to: value("Index", attributes), most: Self.lastRow, "Row") {
        buffer.append(0x0A)
      }
      cells.removeAll(keepingCapacity: true)
      rowBytes = 0
    case (5, "Cell") where isInSheet && path[3] == "Row":
      var cell = cells.count
      move(&cell, to: value("Index", attributes), most: limits.columns, "Cell") { cells.append([]) }
      cells.append([])
      if let across = value("MergeAcross", attributes).flatMap(Int.init), across > 0 {
        merged = min(across, limits.columns)
      }
    case (6, "Data") where isInSheet && path[4] == "Cell":
      text = []
      isNumber = value("Type", attributes) == "Number"
    default: break
    }
  }

  /// Cells that the one at hand spans behind its own.
  private var merged = 0

  /// Goes to the next place, or to that which `index` (from 1) states, over places that are left out.
  private func move(
    _ place: inout Int, to index: String?, most: Int, _ name: String, over: () -> Void
  ) {
    place += 1
    guard let index else {
      if place > most { refuse("\(name) \(place) > \(most)") }
      return
    }
    guard let wanted = Int(index), wanted >= place, wanted <= most else {
      return refuse("\(name) ss:Index=\"\(index)\"")
    }
    while place < wanted {
      over()
      place += 1
    }
  }

  private func refuse(_ what: String) {
    if fault == nil { fault = Finding(.xmlBroken, .stopFile, at: Place(file: file, line: line), [what]) }
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard text != nil, !isStopped else { return }
    text?.append(contentsOf: bytes)
    rowBytes += bytes.count
    if rowBytes > limits.rowBytes {
      fault = Finding(
        .rowTooLong, .stopFile, at: Place(file: file, line: line), [String(limits.rowBytes)])
    }
  }

  func end(_ offset: Int64) {
    defer { path.removeLast() }
    guard !isStopped, isInSheet else { return }
    switch (path.count, path.last) {
    case (2, "Worksheet"): (isInSheet, isDone) = (false, true)
    case (4, "Row") where path[2] == "Table": endRow()
    case (5, "Cell") where path[3] == "Row":
      for _ in 0..<merged { cells.append([]) }
      merged = 0
    case (6, "Data") where path[4] == "Cell":
      if let text, !cells.isEmpty { cells[cells.count - 1] = isNumber ? SheetNumber.plain(text) : text }
      text = nil
    default: break
    }
  }

  private func endRow() {
    widest = max(widest, cells.count)
    for column in 0..<widest {
      if column > 0 { buffer.append(0x2C) }
      if column < cells.count { append(cells[column]) }
    }
    buffer.append(0x0A)
    guard buffer.count > 1 << 16 else { return }
    do { try flush() } catch { failure = error }
  }

  /// A line break within a cell would move the rows below it.
  private func append(_ cell: [UInt8]) {
    let isQuoted = cell.contains { $0 == 0x2C || $0 == 0x22 }
    if isQuoted { buffer.append(0x22) }
    for byte in cell {
      if byte == 0x22 { buffer.append(0x22) }
      buffer.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte)
    }
    if isQuoted { buffer.append(0x22) }
  }

  private func value(_ name: String, _ attributes: UnsafeBufferPointer<cxml_attribute>) -> String? {
    attributes.first { attribute in
      String(cString: attribute.local) == name
        && attribute.uri.map { String(cString: $0) == SheetFlattening.namespace } ?? false
    }
    .map { String(decoding: $0.bytes, as: UTF8.self) }
  }
}
