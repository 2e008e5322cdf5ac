internal import CXML

/// Walks along an XML file and gives its records' cells, document by document. Memory is bounded by the largest document.
final class XMLWalk: XMLEvents {
  /// A document's rows: for each its line and its cells, in the order of the plan's columns.
  private let emit: (_ line: Int, _ isRecord: Bool, _ cells: [ArraySlice<UInt8>]) throws -> Void
  private let plan: XMLPlan
  private let limits: ReadingLimits

  /// Nodes of the plan that the open elements are, the innermost's last; and where each element's begin.
  private var active: [Int] = [0]
  private var frames: [Int] = [0]
  /// How many elements are open below the innermost one that is any of the plan's.
  private var passed = 0
  /// For each node with a position: how many of its name its parent has had.
  private var positions: [Int]
  private var names = NameCache()

  private var cells: [Cells]
  private var open: [(capture: XMLPlan.Capture, depth: Int, text: [UInt8])] = []
  private var recordLine = 0
  private var documentLine = 0
  /// The document's records so far: their lines, and their own cells.
  private var lines: [Int] = []
  private var rows: [Cells] = []
  private var bytesOfDocument = 0

  /// What whoever takes the rows has thrown.
  private(set) var failure: (any Error)?
  /// The line of a document that is longer than it may be, or of a record whose value is; and the limit's name.
  private(set) var exceeded: (line: Int, limit: String, most: Int)?
  /// What the element that began last, or ended last, is.
  private(set) var beginsDocument = false
  private(set) var beginsRecord = false
  private(set) var endsDocument = false
  private(set) var endsRecord = false
  /// Whether there is any element below the root.
  private(set) var hasElements = false
  /// Documents that have begun.
  private(set) var documents = 0

  private struct Cells {
    var bytes: [UInt8] = []
    /// Where each column's cell stands; `nil` where there is none.
    var ranges: [Range<Int>?]

    mutating func clear() {
      bytes.removeAll(keepingCapacity: true)
      for column in ranges.indices { ranges[column] = nil }
    }

    mutating func set(_ column: Int, _ text: some Collection<UInt8>) {
      let start = bytes.count
      bytes.append(contentsOf: text)
      ranges[column] = start..<bytes.count
    }
  }

  init(
    _ plan: XMLPlan, _ limits: ReadingLimits,
    emit: @escaping (_ line: Int, _ isRecord: Bool, _ cells: [ArraySlice<UInt8>]) throws -> Void
  ) {
    self.plan = plan
    self.limits = limits
    self.emit = emit
    positions = Array(repeating: 0, count: plan.nodes.count)
    cells = Array(repeating: Cells(ranges: Array(repeating: nil, count: plan.columns)), count: 3)
  }

  var isStopped: Bool { failure != nil || exceeded != nil }

  // MARK: - What the parser tells

  override func start(_ element: cxml_element, _ attributes: UnsafeBufferPointer<cxml_attribute>) {
    (beginsDocument, beginsRecord) = (false, false)
    hasElements = hasElements || frames.count > 1
    if passed > 0 || isStopped {
      passed += 1
      return
    }
    let symbol = names.symbol(element.local, element.uri, plan.symbols)
    let first = frames[frames.count - 1]
    let end = active.count
    if symbol >= 0 {
      for place in first..<end {
        for child in plan.nodes[active[place]].children where plan.nodes[child].symbol == symbol {
          if matches(child, attributes) { active.append(child) }
        }
      }
    }
    guard active.count > end else {
      passed = 1
      return
    }
    frames.append(end)
    for place in end..<active.count { begin(active[place], element, attributes) }
  }

  override func text(_ text: UnsafeBufferPointer<UInt8>) {
    guard !open.isEmpty, !isStopped else { return }
    for place in open.indices {
      open[place].text.append(contentsOf: text)
      if open[place].text.count > limits.rowBytes {
        exceeded = (lines.last ?? documentLine, "row_bytes", limits.rowBytes)
      }
    }
    grow(by: text.count * open.count)
  }

  override func end() {
    (endsDocument, endsRecord) = (false, false)
    if passed > 0 {
      passed -= 1
      return
    }
    if isStopped { return }
    while let last = open.last, last.depth == frames.count {
      cells[last.capture.scope.rawValue].set(last.capture.column, last.text)
      open.removeLast()
    }
    let first = frames.removeLast()
    for place in (first..<active.count).reversed() {
      let node = plan.nodes[active[place]]
      if node.isRecord {
        endRecord()
        endsRecord = true
      }
      if node.isDocument {
        endDocument()
        endsDocument = true
      }
    }
    active.removeSubrange(first...)
  }

  // MARK: - Elements of the plan

  private func matches(_ node: Int, _ attributes: UnsafeBufferPointer<cxml_attribute>) -> Bool {
    if let position = plan.nodes[node].position {
      positions[node] += 1
      guard positions[node] == position else { return false }
    }
    return plan.nodes[node].conditions.allSatisfy { condition in
      attributes.contains { attribute in
        names.symbol(attribute.local, attribute.uri, plan.symbols) == condition.symbol
          && attribute.bytes.elementsEqual(condition.value)
      }
    }
  }

  private func begin(
    _ node: Int, _ element: cxml_element, _ attributes: UnsafeBufferPointer<cxml_attribute>
  ) {
    let line = Int(element.line)
    if plan.nodes[node].isDocument {
      beginsDocument = true
      documents += 1
      documentLine = line
      cells[XMLPlan.Scope.document.rawValue].clear()
      cells[XMLPlan.Scope.record.rawValue].clear()
    }
    if plan.nodes[node].isRecord {
      beginsRecord = true
      recordLine = line
      cells[XMLPlan.Scope.record.rawValue].clear()
    }
    for capture in plan.nodes[node].names {
      cells[capture.scope.rawValue].set(capture.column, String(cString: element.local).utf8)
    }
    for child in plan.nodes[node].children where plan.nodes[child].position != nil { positions[child] = 0 }
    if !plan.nodes[node].attributes.isEmpty {
      for attribute in attributes {
        let symbol = names.symbol(attribute.local, attribute.uri, plan.symbols)
        for (wanted, capture) in plan.nodes[node].attributes where wanted == symbol {
          guard cells[capture.scope.rawValue].ranges[capture.column] == nil else { continue }
          cells[capture.scope.rawValue].set(capture.column, attribute.bytes)
          grow(by: attribute.length)
        }
      }
    }
    for capture in plan.nodes[node].texts
    where cells[capture.scope.rawValue].ranges[capture.column] == nil
      && !open.contains(where: { $0.capture.column == capture.column })
    {
      open.append((capture, frames.count, []))
    }
  }

  private func grow(by count: Int) {
    bytesOfDocument += count
    if bytesOfDocument > limits.documentBytes {
      exceeded = (documentLine, "document_bytes", limits.documentBytes)
    }
  }

  private func endRecord() {
    // What a record takes in memory beside its texts.
    grow(by: 24 * plan.columns)
    lines.append(recordLine)
    rows.append(cells[XMLPlan.Scope.record.rawValue])
    cells[XMLPlan.Scope.record.rawValue].clear()
  }

  /// A document without records is given as one that lacks all their values, so that it is told.
  private func endDocument() {
    let hasRecords = !rows.isEmpty
    if !hasRecords {
      lines.append(documentLine)
      rows.append(cells[XMLPlan.Scope.record.rawValue])
    }
    do {
      let document = cells[XMLPlan.Scope.document.rawValue]
      let file = cells[XMLPlan.Scope.file.rawValue]
      let element = Array(String(documents).utf8)[...]
      for (line, row) in zip(lines, rows) {
        try emit(
          line, hasRecords,
          (0..<plan.columns).map { column in
            if column == plan.elementColumn { return element }
            if let range = row.ranges[column] { return row.bytes[range] }
            if let range = document.ranges[column] { return document.bytes[range] }
            return file.ranges[column].map { file.bytes[$0] } ?? []
          })
      }
    } catch {
      failure = error
    }
    lines.removeAll(keepingCapacity: true)
    rows.removeAll(keepingCapacity: true)
    bytesOfDocument = 0
  }
}

extension cxml_attribute {
  /// The value, in UTF-8.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: UnsafeRawPointer(value)?.assumingMemoryBound(to: UInt8.self), count: length)
  }
}

/// Numbers of names, by the addresses at which the parser keeps each name once.
private struct NameCache {
  private struct Entry {
    var local: UnsafePointer<CChar>?
    var uri: UnsafePointer<CChar>?
    var symbol: Int32
  }

  private static let size = 1024
  private var entries = [Entry](repeating: Entry(local: nil, uri: nil, symbol: -1), count: size)

  /// -1 for a name that the plan doesn't have.
  mutating func symbol(
    _ local: UnsafePointer<CChar>?, _ uri: UnsafePointer<CChar>?, _ symbols: [XMLPath.Name: Int32]
  ) -> Int32 {
    guard let local else { return -1 }
    let place = Int(bitPattern: local) >> 3 & (Self.size - 1)
    if entries[place].local == local, entries[place].uri == uri { return entries[place].symbol }
    let name = XMLPath.Name(uri: uri.map { String(cString: $0) } ?? "", local: String(cString: local))
    let symbol = symbols[name] ?? -1
    entries[place] = Entry(local: local, uri: uri, symbol: symbol)
    return symbol
  }
}
