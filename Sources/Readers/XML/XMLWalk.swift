internal import CXML

/// Walks along an XML file and gives its records' cells, document by document. Memory is bounded by the largest document.
final class XMLWalk: XMLEvents {
  /// Takes a document's rows, with the line of each, and whether they are records.
  typealias Emit = (_ rows: borrowing XMLRows, _ isRecord: Bool, _ place: XMLDocumentPlace) throws -> Void

  private let emit: Emit
  private let plan: XMLPlan
  private let nodes: UnsafeMutableBufferPointer<XMLPlan.Step>
  private let firstNodes: UnsafeMutableBufferPointer<Int32>
  /// As the plan has it.
  private let outer: UnsafeMutableBufferPointer<Int32>
  private let limits: ReadingLimits
  private let state: UnsafeMutablePointer<State>

  /// What changes with every element. In memory of its own, since it is changed some ten million times a file.
  private struct State {
    /// Nodes of the plan that the open elements are, the innermost's last; and where each element's begin.
    var active = RawBuffer<Int32>()
    var frames = RawBuffer<Int32>()
    /// How many elements are open below the innermost one that is any of the plan's.
    var passed = 0
    /// For each node with a position: how many of its name its parent has had.
    var positions: UnsafeMutablePointer<Int32>
    var names = NameCache()
    /// Elements whose text is being gathered, the innermost's last.
    var open = RawBuffer<Open>()
    /// The texts of those, each behind the one around it while none is nested; else each by itself.
    var texts: [RawBuffer<UInt8>] = [RawBuffer()]
    /// A row for each step of a record's path: what its ancestor there has.
    var scopes: UnsafeMutablePointer<XMLRows>
    /// For each step between document and record how many records there were when the element began.
    var starts: UnsafeMutablePointer<Int>
    var records: XMLRows
    var documentLine: Int32 = 0
    var bytesOfDocument = 0
  }

  private struct Open: BitwiseCopyable {
    var column: Int32
    var scope: Int32
    /// Frames when it began.
    var depth: Int32
  }

  /// What whoever takes the rows has thrown.
  private(set) var failure: (any Error)?
  /// The line of a document that is longer than it may be, or of a record whose value is; and the limit's name.
  private(set) var exceeded: (line: Int, limit: String, most: Int)?
  /// What the element that began last, or ended last, is.
  private(set) var beginsDocument = false
  private(set) var beginsRecord = false
  /// Whether there is any element below the root.
  private(set) var hasElements = false
  /// Documents that have begun.
  private(set) var documents = 0
  private var isStopped = false
  private var isInDocument = false
  /// Whether the document at hand stands right behind another one.
  private var followsDocument = false

  init(_ plan: XMLPlan, _ limits: ReadingLimits, emit: @escaping Emit) {
    self.plan = plan
    self.limits = limits
    self.emit = emit
    let steps = plan.steps
    nodes = .allocate(capacity: steps.count)
    _ = nodes.initialize(from: steps)
    firstNodes = .allocate(capacity: max(1, plan.symbols.count))
    _ = firstNodes.initialize(from: plan.firstNodes)
    let positions = UnsafeMutablePointer<Int32>.allocate(capacity: steps.count)
    positions.initialize(repeating: 0, count: steps.count)
    state = .allocate(capacity: 1)
    let depths = Int(plan.depth) + 1
    let scopes = UnsafeMutablePointer<XMLRows>.allocate(capacity: depths)
    for depth in 0..<depths {
      (scopes + depth).initialize(to: XMLRows(columns: plan.columns))
      scopes[depth].begin(line: 0)
    }
    let starts = UnsafeMutablePointer<Int>.allocate(capacity: depths)
    starts.initialize(repeating: 0, count: depths)
    outer = .allocate(capacity: max(1, plan.outer.count))
    _ = outer.initialize(from: plan.outer)
    state.initialize(
      to: State(
        positions: positions, scopes: scopes, starts: starts, records: XMLRows(columns: plan.columns)))
    state.pointee.active.append(0)
    state.pointee.frames.append(0)
  }

  deinit {
    state.pointee.active.free()
    state.pointee.frames.free()
    state.pointee.open.free()
    for text in state.pointee.texts { text.free() }
    state.pointee.names.free()
    state.pointee.positions.deallocate()
    for depth in 0...Int(plan.depth) { state.pointee.scopes[depth].free() }
    state.pointee.scopes.deallocate()
    state.pointee.starts.deallocate()
    state.pointee.records.free()
    outer.deallocate()
    firstNodes.deallocate()
    state.deinitialize(count: 1).deallocate()
    nodes.deallocate()
  }

  // MARK: - What the parser tells

  func start(_ element: XMLElement, _ attributes: UnsafeBufferPointer<cxml_attribute>) {
    let state = state
    if beginsDocument { beginsDocument = false }
    if beginsRecord { beginsRecord = false }
    if !hasElements, state.pointee.frames.count > 1 { hasElements = true }
    if state.pointee.passed > 0 || isStopped {
      state.pointee.passed += 1
      return
    }
    let symbol = state.pointee.names.symbol(element.local, element.uri, plan)
    let end = state.pointee.active.count
    if symbol >= 0 {
      let first = Int(state.pointee.frames.base[state.pointee.frames.count - 1])
      for place in first..<end {
        let node = state.pointee.active.base[place]
        // Few have the name, and a parent may have many children.
        var child = firstNodes[Int(symbol)]
        while child >= 0 {
          if nodes[Int(child)].parent == node, matches(Int(child), attributes) {
            state.pointee.active.append(child)
          }
          child = nodes[Int(child)].nextNamesake
        }
      }
    }
    guard state.pointee.active.count > end else {
      state.pointee.passed = 1
      if !isInDocument { followsDocument = false }
      return
    }
    state.pointee.frames.append(Int32(end))
    for place in end..<state.pointee.active.count {
      begin(Int(state.pointee.active.base[place]), element, attributes)
    }
    if !isInDocument { followsDocument = false }
  }

  func text(_ text: UnsafeBufferPointer<UInt8>) {
    let count = state.pointee.open.count
    guard count > 0, !isStopped, let base = text.baseAddress else { return }
    for place in 0..<count {
      state.pointee.texts[place].append(base, count: text.count)
      if state.pointee.texts[place].count > limits.rowBytes {
        exceed(
          "row_bytes", limits.rowBytes, line: state.pointee.records.lastLine ?? state.pointee.documentLine)
      }
    }
    grow(by: text.count &* count)
  }

  func end(_ offset: Int64) {
    let state = state
    if state.pointee.passed > 0 {
      state.pointee.passed -= 1
      return
    }
    if isStopped { return }
    let depth = Int32(truncatingIfNeeded: state.pointee.frames.count)
    while state.pointee.open.count > 0 {
      let last = state.pointee.open.base[state.pointee.open.count - 1]
      guard last.depth == depth else { break }
      state.pointee.open.cut(to: state.pointee.open.count - 1)
      let text = state.pointee.open.count
      set(
        last.scope, last.column, UnsafePointer(state.pointee.texts[text].base),
        state.pointee.texts[text].count)
    }
    let first = Int(state.pointee.frames.base[state.pointee.frames.count - 1])
    state.pointee.frames.cut(to: state.pointee.frames.count - 1)
    var place = state.pointee.active.count
    while place > first {
      place -= 1
      let node = Int(state.pointee.active.base[place])
      if nodes[node].kind >= 0 { grow(by: 24 &* plan.columns) }
      if nodes[node].ancestor > plan.documentDepth {
        let depth = nodes[node].ancestor
        state.pointee.records.complete(
          from: state.pointee.starts[Int(depth)], depth...depth, state.pointee.scopes, outer)
      }
      if nodes[node].isDocument { endDocument(offset) }
    }
    state.pointee.active.cut(to: first)
  }

  // MARK: - Elements of the plan

  private func matches(_ node: Int, _ attributes: UnsafeBufferPointer<cxml_attribute>) -> Bool {
    if nodes[node].position > 0 {
      state.pointee.positions[node] += 1
      guard state.pointee.positions[node] == nodes[node].position else { return false }
    }
    guard nodes[node].hasConditions else { return true }
    return plan.nodes[node].conditions.allSatisfy { condition in
      attributes.contains { attribute in
        state.pointee.names.symbol(attribute.local, attribute.uri, plan) == condition.symbol
          && attribute.bytes.elementsEqual(condition.value)
      }
    }
  }

  private func begin(
    _ node: Int, _ element: XMLElement, _ attributes: UnsafeBufferPointer<cxml_attribute>
  ) {
    let state = state
    let step = nodes[node]
    if step.isDocument {
      beginsDocument = true
      isInDocument = true
      documents += 1
      state.pointee.documentLine = element.line
      state.pointee.records.clear()
      clear(plan.documentDepth)
    }
    if step.ancestor > 0 { clear(step.ancestor) }
    if step.kind >= 0 {
      beginsRecord = true
      state.pointee.records.begin(line: element.line, kind: step.kind)
    }
    if step.hasPositions {
      var child = step.firstChild
      while child >= 0 {
        state.pointee.positions[Int(child)] = 0
        child = nodes[Int(child)].nextSibling
      }
    }
    if step.hasNames {
      let name = String(cString: element.local)
      for capture in plan.nodes[node].names {
        Array(name.utf8).withUnsafeBufferPointer {
          guard let base = $0.baseAddress else { return }
          set(capture.scope, Int32(capture.column), base, $0.count)
        }
      }
    }
    if step.hasAttributes {
      for attribute in attributes {
        let symbol = state.pointee.names.symbol(attribute.local, attribute.uri, plan)
        guard symbol >= 0, let base = attribute.bytes.baseAddress else { continue }
        for (wanted, capture) in plan.nodes[node].attributes where wanted == symbol {
          guard !isSet(capture.scope, Int32(capture.column)) else { continue }
          set(capture.scope, Int32(capture.column), base, attribute.length)
          grow(by: attribute.length)
        }
      }
    }
    if step.textColumn >= 0 { open(step.textColumn, step.textScope) }
    if step.hasMoreTexts {
      for capture in plan.nodes[node].texts.dropFirst() { open(Int32(capture.column), capture.scope) }
    }
  }

  private func open(_ column: Int32, _ scope: Int32) {
    let state = state
    guard !isSet(scope, column) else { return }
    let count = state.pointee.open.count
    for place in 0..<count
    where state.pointee.open.base[place].column == column && state.pointee.open.base[place].scope == scope {
      return
    }
    if count == state.pointee.texts.count { state.pointee.texts.append(RawBuffer()) }
    state.pointee.texts[count].cut(to: 0)
    state.pointee.open.append(
      Open(column: column, scope: scope, depth: Int32(truncatingIfNeeded: state.pointee.frames.count)))
  }

  /// What an ancestor of records has is that of the one that begins now.
  private func clear(_ depth: Int32) {
    state.pointee.scopes[Int(depth)].clear()
    state.pointee.scopes[Int(depth)].begin(line: 0)
    state.pointee.starts[Int(depth)] = state.pointee.records.count
  }

  @inline(__always)
  private func isSet(_ scope: Int32, _ column: Int32) -> Bool {
    scope < 0 ? state.pointee.records.isSet(column) : state.pointee.scopes[Int(scope)].isSet(column)
  }

  @inline(__always)
  private func set(_ scope: Int32, _ column: Int32, _ text: UnsafePointer<UInt8>, _ count: Int) {
    if scope < 0 {
      state.pointee.records.set(column, text, count)
    } else {
      state.pointee.scopes[Int(scope)].set(column, text, count)
    }
  }

  @inline(__always)
  private func grow(by count: Int) {
    state.pointee.bytesOfDocument &+= count
    if state.pointee.bytesOfDocument > limits.documentBytes {
      exceed("document_bytes", limits.documentBytes, line: state.pointee.documentLine)
    }
  }

  private func exceed(_ limit: String, _ most: Int, line: Int32) {
    exceeded = (Int(line), limit, most)
    isStopped = true
  }

  /// A document without records is given as one row that lacks all their values, so that it is told.
  private func endDocument(_ offset: Int64) {
    let state = state
    let hasRecords = state.pointee.records.count > 0
    if !hasRecords { state.pointee.records.begin(line: state.pointee.documentLine) }
    if let column = plan.elementColumn {
      var digits = String(documents)
      digits.withUTF8 { digits in
        for row in 0..<state.pointee.records.count {
          state.pointee.records.set(Int32(column), of: row, digits.baseAddress!, digits.count)
        }
      }
    }
    state.pointee.records.complete(from: 0, 0...plan.documentDepth, state.pointee.scopes, outer)
    let place = XMLDocumentPlace(
      rows: Int32(truncatingIfNeeded: state.pointee.records.count), followsDocument: followsDocument,
      end: offset)
    (isInDocument, followsDocument) = (false, true)
    do { try emit(state.pointee.records, hasRecords, place) } catch {
      failure = error
      isStopped = true
    }
    state.pointee.records.clear()
    state.pointee.bytesOfDocument = 0
  }
}
