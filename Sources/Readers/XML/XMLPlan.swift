/// The paths of an interface's columns as one tree of names from the root of the file: whoever walks down a file knows at
/// each element whether anything in it is wanted.
struct XMLPlan: Sendable {
  /// With what a cell goes away: the next record, the next document, or never.
  enum Scope: UInt8, Sendable, BitwiseCopyable { case file, document, record }

  struct Capture: Sendable {
    var column: Int
    var scope: Scope
  }

  struct Node: Sendable {
    var symbol: Int32
    var position: Int?
    var conditions: [(symbol: Int32, value: [UInt8])]
    var children: [Int] = []
    var texts: [Capture] = []
    var attributes: [(symbol: Int32, capture: Capture)] = []
    var names: [Capture] = []
    var isDocument = false
    var isRecord = false
  }

  /// The first stands above the root element.
  private(set) var nodes = [Node(symbol: -1, position: nil, conditions: [])]
  private(set) var symbols: [XMLPath.Name: Int32] = [:]
  let columns: Int
  /// The column that has the number of the document's element instead of what a path finds.
  let elementColumn: Int?

  /// - Parameters:
  ///   - columns: paths, relative to the record or absolute; `nil` for the number of the document's element.
  ///   - hasNumbers: whether there is one more column behind these, for the reject number: the record's, else its
  ///     document's.
  init(_ shape: XMLShape, columns: [XMLPath?], hasNumbers: Bool = false) {
    elementColumn = columns.firstIndex { $0 == nil }
    self.columns = columns.count + (hasNumbers ? 1 : 0)
    let document = shape.document.steps
    nodes[node(at: document[...])].isDocument = true
    for record in shape.records {
      let steps = document + record.steps
      nodes[node(at: steps[...])].isRecord = true
      for (column, path) in columns.enumerated() {
        guard let path else { continue }
        capture(column, path, record: steps, documentDepth: document.count)
      }
      guard hasNumbers else { continue }
      let number = XMLPath.Step.attribute(XMLReject.number)
      for path in [XMLPath(isAbsolute: false, [number]), XMLPath(isAbsolute: true, document + [number])] {
        capture(columns.count, path, record: steps, documentDepth: document.count)
      }
    }
  }

  private mutating func capture(
    _ column: Int, _ path: XMLPath, record: [XMLPath.Step], documentDepth: Int
  ) {
    var steps = path.isAbsolute ? [] : record
    var attribute: XMLPath.Name?
    var isName = false
    for step in path.steps {
      switch step {
      case .parent: _ = steps.popLast()
      case .attribute(let name): attribute = name
      case .name: isName = true
      case .child: steps.append(step)
      }
    }
    let scope: Scope =
      steps.starts(with: record)
      ? .record : steps.starts(with: record.prefix(documentDepth)) ? .document : .file
    let place = node(at: steps[...])
    let capture = Capture(column: column, scope: scope)
    if isName {
      nodes[place].names.append(capture)
    } else if let attribute {
      nodes[place].attributes.append((symbol(of: attribute), capture))
    } else {
      nodes[place].texts.append(capture)
    }
  }

  private mutating func node(at steps: ArraySlice<XMLPath.Step>) -> Int {
    var at = 0
    for step in steps {
      guard case .child(let name, let position, let attributes) = step else { continue }
      let symbol = symbol(of: name)
      let conditions = attributes.map { (symbol: self.symbol(of: $0.name), value: Array($0.value.utf8)) }
      let known = nodes[at].children.first { child in
        nodes[child].symbol == symbol && nodes[child].position == position
          && nodes[child].conditions.elementsEqual(conditions) {
            $0.symbol == $1.symbol && $0.value == $1.value
          }
      }
      if let known {
        at = known
      } else {
        nodes.append(Node(symbol: symbol, position: position, conditions: conditions))
        nodes[at].children.append(nodes.count - 1)
        at = nodes.count - 1
      }
    }
    return at
  }

  private mutating func symbol(of name: XMLPath.Name) -> Int32 {
    if let known = symbols[name] { return known }
    symbols[name] = Int32(symbols.count)
    return Int32(symbols.count - 1)
  }

  /// What of a node is asked for at every element, as flat values; the rest is looked up in `nodes` where one of these says so.
  struct Step: BitwiseCopyable {
    var symbol: Int32
    /// 0: any.
    var position: Int32
    var firstChild: Int32 = -1
    var nextSibling: Int32 = -1
    /// The first column that the element's text is for, or -1.
    var textColumn: Int32
    var textScope: Scope
    var isDocument: Bool
    var isRecord: Bool
    var hasConditions: Bool
    var hasAttributes: Bool
    var hasNames: Bool
    var hasMoreTexts: Bool
    /// Whether a child counts those of its name.
    var hasPositions: Bool
  }

  var steps: [Step] {
    var steps = nodes.map { node in
      Step(
        symbol: node.symbol, position: Int32(node.position ?? 0),
        textColumn: Int32(node.texts.first?.column ?? -1), textScope: node.texts.first?.scope ?? .file,
        isDocument: node.isDocument, isRecord: node.isRecord, hasConditions: !node.conditions.isEmpty,
        hasAttributes: !node.attributes.isEmpty, hasNames: !node.names.isEmpty,
        hasMoreTexts: node.texts.count > 1,
        hasPositions: node.children.contains { nodes[$0].position != nil })
    }
    for (index, node) in nodes.enumerated() {
      steps[index].firstChild = node.children.first.map(Int32.init) ?? -1
      for (child, next) in zip(node.children, node.children.dropFirst()) {
        steps[child].nextSibling = Int32(next)
      }
    }
    return steps
  }
}
