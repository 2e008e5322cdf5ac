/// The paths of an interface's columns as one tree of names from the root of the file: whoever walks down a file knows at
/// each element whether anything in it is wanted.
struct XMLPlan: Sendable {
  struct Capture: Sendable {
    var column: Int
    /// `record`, or how many steps from the root the path has in common with its record's: the cell is that of the record's own
    /// ancestor there, and goes away with it.
    var scope: Int32
  }

  /// The record itself.
  static let record: Int32 = -1

  struct Node: Sendable {
    var symbol: Int32
    var position: Int?
    var conditions: [(symbol: Int32, value: [UInt8])]
    var children: [Int] = []
    var texts: [Capture] = []
    var attributes: [(symbol: Int32, capture: Capture)] = []
    var names: [Capture] = []
    var isDocument = false
    /// Which kind of record it is, or -1.
    var kind: Int32 = -1
    /// Of an ancestor of records that is not their document: how many steps from the root; else 0.
    var ancestor: Int32 = 0
  }

  /// The first stands above the root element.
  private(set) var nodes = [Node(symbol: -1, position: nil, conditions: [])]
  private(set) var symbols: [XMLPath.Name: Int32] = [:]
  let columns: Int
  /// The column that has the number of the document's element instead of what a path finds.
  let elementColumn: Int?
  /// Steps of the document's path.
  let documentDepth: Int32
  /// The longest path of a record.
  private(set) var depth: Int32 = 0
  /// For each kind of record and column the scope of what the record does not have itself; -1 where there is none.
  private(set) var outer: [Int32] = []

  /// - Parameters:
  ///   - columns: paths, relative to the record or absolute; `nil` for the number of the document's element.
  ///   - hasNumbers: whether there is one more column behind these, for the reject number: the record's, else its
  ///     document's.
  init(_ shape: XMLShape, columns: [XMLPath?], hasNumbers: Bool = false) {
    elementColumn = columns.firstIndex { $0 == nil }
    self.columns = columns.count + (hasNumbers ? 1 : 0)
    let document = shape.document.steps
    documentDepth = Int32(document.count)
    nodes[node(at: document[...])].isDocument = true
    outer = Array(repeating: -1, count: shape.records.count * self.columns)
    for (kind, record) in shape.records.enumerated() {
      let steps = document + record.steps
      depth = max(depth, Int32(steps.count))
      nodes[node(at: steps[...])].kind = Int32(kind)
      for length in 1..<max(1, steps.count) where length != document.count {
        nodes[node(at: steps[..<length])].ancestor = Int32(length)
      }
      for (column, path) in columns.enumerated() {
        guard let path else { continue }
        capture(column, path, record: steps, kind)
      }
      guard hasNumbers else { continue }
      let number = XMLPath.Step.attribute(XMLReject.number)
      for path in [XMLPath(isAbsolute: false, [number]), XMLPath(isAbsolute: true, document + [number])] {
        capture(columns.count, path, record: steps, kind)
      }
    }
  }

  private mutating func capture(
    _ column: Int, _ path: XMLPath, record: [XMLPath.Step], _ kind: Int
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
    // What goes up and comes down again finds the first of that name, be it the record itself or not.
    let ups = path.steps.prefix { $0 == .parent }.count
    let common = min(zip(steps, record).prefix { $0 == $1 }.count, record.count - (path.isAbsolute ? 0 : ups))
    let scope = common == record.count ? Self.record : Int32(common)
    if scope >= 0 { outer[kind * columns + column] = scope }
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
    var parent: Int32 = -1
    /// The next node of the same name, whatever its parent.
    var nextNamesake: Int32 = -1
    /// The first column that the element's text is for, or -1.
    var textColumn: Int32
    var textScope: Int32
    var kind: Int32
    var ancestor: Int32
    var isDocument: Bool
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
        textColumn: Int32(node.texts.first?.column ?? -1), textScope: node.texts.first?.scope ?? 0,
        kind: node.kind,
        ancestor: node.ancestor, isDocument: node.isDocument, hasConditions: !node.conditions.isEmpty,
        hasAttributes: !node.attributes.isEmpty, hasNames: !node.names.isEmpty,
        hasMoreTexts: node.texts.count > 1,
        hasPositions: node.children.contains { nodes[$0].position != nil })
    }
    for (index, node) in nodes.enumerated() {
      steps[index].firstChild = node.children.first.map(Int32.init) ?? -1
      for child in node.children { steps[child].parent = Int32(index) }
      for (child, next) in zip(node.children, node.children.dropFirst()) {
        steps[child].nextSibling = Int32(next)
      }
    }
    for index in nodes.indices {
      let later = nodes[(index + 1)...].firstIndex { $0.symbol == nodes[index].symbol }
      steps[index].nextNamesake = later.map(Int32.init) ?? -1
    }
    return steps
  }

  /// For each name the first node that has it; -1 where none does.
  var firstNodes: [Int32] {
    (0..<symbols.count).map { symbol in
      nodes.firstIndex { $0.symbol == Int32(symbol) }.map(Int32.init) ?? -1
    }
  }
}
