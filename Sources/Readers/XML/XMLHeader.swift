internal import Findings

extension Header {
  /// Of an XML spreadsheet: that of the worksheet's table.
  public static func ofSheet(in source: ByteSource, layout: TableLayout, file: String) throws(ReadError)
    -> Header
  {
    try SheetFlattening.header(in: source, layout: layout, file: file)
  }

  /// Of an XML file: whether its root element is the one that the layout's documents are in.
  public static func ofXML(in source: ByteSource, layout: TableLayout, file: String) throws(ReadError)
    -> Header
  {
    var header = Header()
    header.cells = Array(repeating: -1, count: layout.columns.count)
    let start = try source.bytes(in: 0..<Int64(ReadingLimits.headerBytes))
    let (root, rejectOf, fault) = try XMLRoot.find(in: start, file: file)
    let wanted = layout.xml?.root
    // A file that is broken before its root is the interface's by its name, and rejected when it is read.
    guard fault != nil || root == wanted else {
      header.findings = [
        Finding(.xmlRootOther, .stopFile, at: Place(file: file), [root?.text ?? "", wanted?.text ?? ""])
      ]
      return header
    }
    header.cells = Array(layout.columns.indices)
    header.captions = layout.columns
    header.rejectOf = rejectOf
    header.isRejectFile = rejectOf != nil
    return header
  }
}
