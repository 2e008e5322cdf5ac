import Mapping
import Readers

/// How a dropped file is read: by its interface's layout. A reject file that came back may have been saved by a
/// spreadsheet program in another encoding, or with other characters between the cells.
struct FileLayout: Sendable {
  var layout: TableLayout
  var header: Header
  /// Of the file with the heads, where rows get cells from one.
  var heads: Header?

  /// - Parameters:
  ///   - file: the name that findings call the file by.
  ///   - heads: what lies beside it, where the interface takes two files together.
  static func find(
    in source: ByteSource, of interface: Interface, file: String, heads: ByteSource? = nil
  ) throws(ReadError) -> FileLayout {
    let layout = interface.layout
    if layout.xml != nil {
      if let back = try returned(source, layout, file) { return back }
      return FileLayout(layout: layout, header: try Header.ofXML(in: source, layout: layout, file: file))
    }
    if layout.shape != nil || layout.sheet != nil, let back = try returned(source, layout, file) {
      return back
    }
    if layout.sheet != nil {
      return FileLayout(layout: layout, header: try Header.ofSheet(in: source, layout: layout, file: file))
    }
    if let heads, layout.shape?.heads != nil {
      let heads = try Header.ofHeads(in: heads, layout: layout, file: file)
      return FileLayout(
        layout: layout, header: try Header.joined(in: source, with: heads, layout: layout, file: file),
        heads: heads)
    }
    let plain = FileLayout(layout: layout, header: try Header.find(in: source, layout: layout, file: file))
    if plain.header.fits { return plain }
    if layout.shape == nil, let back = try returned(source, layout, file) { return back }
    return plain
  }

  /// A reject file that came back: each of its rows stands alone, whatever the export's do.
  private static func returned(
    _ source: ByteSource, _ layout: TableLayout, _ file: String
  ) throws(ReadError) -> FileLayout? {
    for encoding in TextEncoding.allCases {
      for delimiter in delimiters + (delimiters.contains(layout.delimiter) ? [] : [layout.delimiter]) {
        var other = layout.plain
        (other.encoding, other.delimiter) = (encoding, delimiter)
        let header = try Header.find(in: source, layout: other, file: file)
        if header.fits, header.isRejectFile { return FileLayout(layout: other, header: header) }
      }
    }
    return nil
  }

  /// With what else between its cells a file would fit.
  static func otherDelimiter(
    in source: ByteSource, of interface: Interface, file: String
  ) throws(ReadError) -> UInt8? {
    var other = interface.layout
    for delimiter in delimiters + [0x7C] where delimiter != interface.layout.delimiter {
      other.delimiter = delimiter
      if try Header.find(in: source, layout: other, file: file).fits { return delimiter }
    }
    return nil
  }

  /// What spreadsheet programs put between cells: comma, semicolon, tab.
  private static let delimiters: [UInt8] = [0x2C, 0x3B, 0x09]
}
