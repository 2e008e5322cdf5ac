import Readers

/// A file as a plain table: itself where it is one, else what it was written again to.
struct PlainTable {
  let source: ByteSource
  let layout: TableLayout
  let header: Header
  /// Keeps what was written for as long as somebody reads `source`.
  private(set) var flattened: Spilled?

  /// Whether the file is a plain table as it is.
  var isSource: Bool { flattened == nil }

  /// - Parameter digest: gets the file's bytes, unless it is a plain table: then whoever reads it feeds the digest.
  init(
    _ source: ByteSource, _ file: FileLayout, file name: String, digest: BackgroundDigest,
    _ spilling: Spilling
  ) throws {
    layout = file.layout.plain
    guard let shape = file.layout.shape else {
      (self.source, header) = (source, file.header)
      return
    }
    var rows = SpillWriter(spilling, most: spilling.budget / 4)
    var flattening = TableFlattening(source, layout: file.layout, header: file.header, file: name)
    try flattening.write(observer: { digest.update($0) }, to: { try rows.append($0) })
    let written = try rows.finish()
    flattened = written
    self.source = written.source
    var header = try Header.find(in: written.source, layout: layout, file: name)
    if case .none = shape.header {
      header.line -= 1
      header.bodyLine -= 1
    }
    self.header = header
  }
}
