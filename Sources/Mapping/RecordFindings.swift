public import Findings

/// The findings of one file's records: kept small, since a million bad rows may come, and made into `Finding`s when
/// somebody wants to read them.
public struct RecordFindings: Sendable {
  public struct Item: Sendable {
    /// Index of the document in its store; -1 for the file itself.
    public var document: Int32
    public var row: Int32
    public var line: Int32
    /// Index of the layout's column, or -1.
    public var column: Int32
    /// The row's cell, from 1, where the reader itself counted it; else 0.
    public var cell: Int32
    public var code: FindingCode
    public var severity: Severity
    var arguments: Range<Int>
  }

  public private(set) var items: [Item] = []
  private var texts: [UInt8] = []
  private static let separator: UInt8 = 0x1F

  public init() {}

  /// Takes back what was said of documents that turn out to be held or rejected: it did not happen.
  public mutating func withdraw(_ codes: Set<FindingCode>, of documents: Set<Int32>) {
    if !documents.isEmpty { items.removeAll { documents.contains($0.document) && codes.contains($0.code) } }
  }

  /// Takes back what held or rejected documents that are neither after all.
  /// - Returns: for each of them the first of the worst.
  public mutating func withdrawObstacles(of documents: Set<Int32>) -> [Int32: Item] {
    var worst: [Int32: Item] = [:]
    for item in items where item.severity >= .hold && documents.contains(item.document) {
      if worst[item.document].map({ $0.severity < item.severity }) ?? true { worst[item.document] = item }
    }
    items.removeAll { $0.severity >= .hold && documents.contains($0.document) }
    return worst
  }

  /// Makes warnings of what was said of documents that are neither held nor rejected after all.
  public mutating func soften(of documents: Set<Int32>) {
    for index in items.indices where documents.contains(items[index].document) {
      items[index].severity = min(items[index].severity, .warning)
    }
  }

  public mutating func add(
    _ code: FindingCode, _ severity: Severity, document: Int, row: Int32, line: Int32, column: Int?,
    cell: Int32 = 0, _ arguments: [String]
  ) {
    let start = texts.count
    for (index, argument) in arguments.enumerated() {
      if index > 0 { texts.append(Self.separator) }
      texts.append(contentsOf: argument.utf8.lazy.map { $0 == Self.separator ? 0x20 : $0 })
    }
    items.append(
      Item(
        document: Int32(document), row: row, line: line, column: Int32(column ?? -1), cell: cell, code: code,
        severity: severity, arguments: start..<texts.count))
  }

  /// The finding as a value.
  /// - Parameters:
  ///   - captions: of the layout's columns.
  ///   - cells: where each of them stands in a row of this file, from 0; -1 where it doesn't.
  public func finding(_ item: Item, file: String, captions: [String], cells: [Int]) -> Finding {
    let arguments = arguments(of: item)
    let column = Int(item.column)
    let known = captions.indices.contains(column)
    let stands = known && cells.indices.contains(column) && cells[column] >= 0
    let cell = item.cell > 0 ? Int(item.cell) : stands ? cells[column] + 1 : nil
    return Finding(
      item.code, item.severity,
      at: Place(
        file: file, line: item.line > 0 ? Int(item.line) : nil, column: cell,
        field: known ? captions[column] : nil),
      arguments)
  }

  public func arguments(of item: Item) -> [String] {
    guard !item.arguments.isEmpty else { return [] }
    return texts[item.arguments].split(separator: Self.separator, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
