package import Expressions
import Findings
import Ledger
package import Readers

/// Checks and compiles one interface definition. Its builder is then handed to `Posting`, which compiles the entry rules
/// into the same program, and `finish` gives the layout that the whole program needs.
package struct InterfaceCompiler {
  package let definition: InterfaceDefinition
  package var builder: ProgramBuilder
  /// `nil` where key or date are wrong.
  package private(set) var documentRule: DocumentRule?
  private var acknowledge: AcknowledgeRule?
  private var measures: [Measure] = []
  private var checks: [Check] = []
  private var newCodes: [NewCodesRule] = []
  private var skips: [SkipRule] = []
  private var trailer: TrailerRule?

  package init(_ definition: InterfaceDefinition) {
    self.definition = definition
    builder = ProgramBuilder(
      tables: definition.tables.compactMap(\.loaded),
      documentFields: Set(
        (definition.document.key + definition.document.same + [definition.document.date]).map(\.text)),
      keyFields: definition.document.key.map(\.text), decimalMark: definition.read.decimalMark)
    builder.sign = definition.document.sign
    builder.signedFields = Set(definition.measures.map(\.text))
    builder.declared = Set(definition.fields.map(\.name.text))
    compileFields()
    compileDocument()
    compileAcknowledge()
    compileMeasures()
    for check in definition.checks { compile(check) }
    newCodes = definition.newCodes.map { rule($0) }
    compileLayout()
  }

  /// The interface, or `nil` when the builder has findings that leave none.
  package mutating func finish(limits: ReadingLimits = ReadingLimits()) -> Interface? {
    guard let rule = documentRule else { return nil }
    let xml = definition.read.xml.flatMap { xmlShape($0) }
    let keyColumns = rule.key.reduce(into: Set<Int>()) { columns, slot in
      for source in builder.sources(of: slot) {
        if let column = builder.sourceColumns[source] { columns.insert(column) }
      }
    }
    let layout = TableLayout(
      encoding: definition.read.encoding, delimiter: definition.read.delimiter,
      columns: builder.program.columns,
      keyColumns: keyColumns.sorted(), skips: skips, trailer: trailer, shape: shape, xml: xml,
      sheet: definition.read.sheet,
      decimalMark: definition.read.decimalMark,
      limits: limits)
    return Interface(
      name: definition.name.text, code: definition.code.text, title: definition.title.text,
      filePatterns: definition.read.files.map(\.text),
      headsPatterns: definition.read.heads?.files.map(\.text) ?? [],
      sidecar: definition.read.sidecar, layout: layout,
      document: rule,
      measures: measures, checks: checks, newCodes: newCodes, acknowledge: acknowledge)
  }

  // MARK: - Parts

  private mutating func compileFields() {
    var seen: Set<String> = []
    // What a faulty line would have defined is not unknown: its own fault has been told.
    for name in definition.broken { builder.addBroken(name) }
    for field in definition.fields {
      if !seen.insert(field.name.text).inserted {
        builder.report(field.name.finding(.doubledKey, [field.name.text]))
        continue
      }
      builder.addField(field.name, type: field.type, expression: field.expression)
      if field.name.text == definition.document.date.text, let date = builder.field(field.name.text),
        date.slot >= 0
      {
        builder.dateSlot = date.slot
      }
    }
  }

  private mutating func compileDocument() {
    let document = definition.document
    let key = document.key.compactMap { field($0) }
    builder.setDocumentKeys(key.map(\.slot))
    let ignore = condition(document.ignore, site: "ignore")
    let void = condition(document.void, site: "void")
    for (text, site) in [(document.ignore, "ignore"), (document.void, "void")] {
      guard let text, case .success(let syntax) = Parser.expression(text) else { continue }
      if syntax.isNeverTrue { builder.report(text.finding(.ruleNeverApplies, [site, "false"])) }
      if syntax.isAlwaysTrue { builder.report(text.finding(.ruleNeverApplies, ["postings", "true"])) }
    }
    let complete = condition(document.complete, site: "complete")
    for name in document.key {
      guard let field = builder.field(name.text) else { continue }
      if field.type.kind != .text || field.type.presence != .always {
        builder.report(name.finding(.typeMismatch, [field.type.name, "text"]))
      }
    }
    // An answer has no date that anything depends on.
    let date = definition.acknowledge == nil ? field(document.date) : builder.constant(Day(number: 0))
    guard let date else { return }
    guard date.type.kind == .date, date.type.presence == .always else {
      builder.report(document.date.finding(.typeMismatch, [date.type.name, "date"]))
      return
    }
    var same = document.same
    if definition.acknowledge == nil, !same.contains(where: { $0.text == document.date.text }) {
      same.append(document.date)
    }
    var sameFields = same.compactMap { name in
      field(name).map {
        DocumentRule.SameField(
          name: name.text, slot: $0.slot, kind: $0.type.kind,
          column: builder.fieldColumns[name.text]
            ?? $0.sources.compactMap { builder.sourceColumns[$0] }.min())
      }
    }
    // Where an element bounds the document, a second one of the same key would be added to the first.
    if let xml = definition.read.xml, xml.records.map(\.text) != ["."] {
      let column = builder.column(SourceText(XMLShape.elementCaption, at: xml.document.place))
      if let element = builder.text(ofColumn: column) {
        sameFields.append(
          DocumentRule.SameField(name: XMLShape.elementCaption, slot: element, kind: .text, column: nil))
      }
    }
    guard key.count == document.key.count else { return }
    documentRule = DocumentRule(
      key: key.map(\.slot), date: date.slot, same: sameFields, start: document.start, ignore: ignore?.slot,
      void: void?.slot, changed: document.changed, withdrawn: document.withdrawn,
      missing: missingRule, complete: complete?.slot,
      sources: key.reduce(into: date.sources.union(void?.sources ?? [])) { $0.formUnion($1.sources) })
  }

  private var missingRule: DocumentRule.MissingRule? {
    guard let span = definition.read.snapshot, let policy = definition.document.missing else { return nil }
    return DocumentRule.MissingRule(
      policy: policy, span: span, limit: definition.document.maxMissing ?? DocumentRule.MissingRule.usualLimit
    )
  }

  private mutating func compileAcknowledge() {
    guard let definition = definition.acknowledge else { return }
    func text(_ name: SourceText?, _ compiler: inout Self) -> Slot? {
      guard let name, let field = compiler.field(name) else { return nil }
      if field.type.kind != .text {
        compiler.builder.report(name.finding(.typeMismatch, [field.type.name, "text"]))
      }
      return field.slot
    }
    acknowledge = AcknowledgeRule(
      number: text(definition.number, &self),
      refused: definition.refused.flatMap { builder.value($0, .flag, site: "refused")?.slot },
      reason: text(definition.reason, &self))
  }

  /// A condition on a document as a whole.
  private mutating func condition(_ text: SourceText?, site: String) -> Compiled? {
    guard let text, let value = builder.value(text, .flag, site: site) else { return nil }
    if let name = value.recordName { builder.report(text.finding(.levelMismatch, [name])) }
    return value
  }

  private mutating func compileMeasures() {
    for name in definition.measures {
      guard let field = field(name) else { continue }
      guard case .number(let scale) = field.type.kind else {
        builder.report(name.finding(.typeMismatch, [field.type.name, "number"]))
        continue
      }
      let expression = definition.fields.first { $0.name.text == name.text }?.expression
      builder.reportMixed(field, at: expression ?? name)
      measures.append(
        Measure(
          name: name.text, slot: field.slot, scale: scale,
          ofDocument: field.recordName == nil && !field.sources.isEmpty))
    }
  }

  private mutating func compile(_ check: CheckDefinition) {
    guard let syntax = builder.parse(check.condition),
      let condition = builder.value(syntax, of: check.condition, .flag, site: "check")
    else { return }
    if syntax.holdsAggregate, let name = condition.recordName {
      builder.report(check.condition.finding(.levelMismatch, [name]))
    }
    if syntax.isAlwaysTrue {
      builder.report(check.condition.finding(.ruleNeverApplies, [check.level.rawValue, "true"]))
    }
    // The message is put together only for records that fail the check.
    let failed = builder.negated(condition)
    let message = builder.guarding((failed.slot, .unary(.not, syntax, syntax.range))) {
      $0.template(check.message, site: "check")
    }
    guard let message else { return }
    let severity: Severity =
      switch check.level {
      case .warn: .warning
      case .hold: .hold
      case .reject: .reject
      case .stopFile: .stopFile
      }
    checks.append(
      Check(
        severity: severity, condition: condition.slot, message: message.slot,
        ofDocument: condition.recordName == nil, sought: sought(syntax, of: check),
        hasAggregate: syntax.holdsAggregate))
  }

  /// The code that a held document waits for, so that `codes missing` can list it.
  private mutating func sought(_ condition: Syntax, of check: CheckDefinition) -> Check.Sought? {
    guard check.level == .hold, case .binary(.contained, let left, .name(let table, _, _), _) = condition
    else {
      return nil
    }
    var parts = [left]
    if case .list(let items, _) = left { parts = items }
    var keys: [Slot] = []
    for part in parts {
      guard let key = builder.value(part, of: check.condition, .text, site: "check", optional: true) else {
        return nil
      }
      keys.append(key.slot)
    }
    return Check.Sought(table: table, keys: keys)
  }

  private mutating func rule(_ new: NewCodesDefinition) -> NewCodesRule {
    let tables = definition.tables.map(\.name.text)
    if !tables.contains(new.table.text), !definition.broken.contains(new.table.text) {
      builder.report(
        new.table.finding(
          .unknownReference, ["table", new.table.text, nearest(to: new.table.text, among: tables)]))
    }
    return NewCodesRule(
      table: new.table.text,
      fields: new.fields.compactMap { name, text in
        field(text).map { NewCodesRule.Field(name: name.text, slot: $0.slot, kind: $0.type.kind) }
      })
  }

  private mutating func compileLayout() {
    skips = definition.read.skips.map {
      SkipRule(column: builder.column($0.column), marks: $0.marks.map(\.text))
    }
    for caption in definition.read.fillDown { _ = builder.column(caption) }
    reportKeyNotFilled()
    for caption in definition.read.heads?.key ?? [] { _ = builder.column(caption) }
    if let definition = definition.read.trailer {
      trailer = TrailerRule(
        column: builder.column(definition.column), mark: definition.mark.text,
        sums: definition.sums.map { builder.column($0) })
    }
  }

  /// Below a document's first row, a key that is not filled down would leave rows that belong to no document.
  private mutating func reportKeyNotFilled() {
    let filled = Set(definition.read.fillDown.map(\.text))
    guard !filled.isEmpty else { return }
    for name in definition.document.key {
      let columns = (builder.field(name.text)?.sources ?? []).compactMap { builder.sourceColumns[$0] }
      for column in Set(columns).sorted() where !filled.contains(builder.program.columns[column]) {
        builder.report(
          name.finding(.badValue, [name.text, "read.fill_down: […, \(builder.program.columns[column])]"]))
      }
    }
  }

  /// The paths of an XML file, those of the columns included, which are looked at here as well.
  private mutating func xmlShape(_ xml: XMLDefinition) -> XMLShape? {
    let namespaces = Dictionary(
      xml.namespaces.map { ($0.prefix.text, $0.uri.text) }, uniquingKeysWith: { first, _ in first })
    let document = path(xml.document, namespaces)
    let records = xml.records.compactMap { path($0, namespaces) }
    for column in builder.columnSources where column.text != XMLShape.elementCaption {
      guard let path = path(column, namespaces), let document else { continue }
      reportUnreachable(column, path, document, records)
    }
    guard let document, records.count == xml.records.count else { return nil }
    if !document.isAbsolute || document.steps.isEmpty || !document.hasChildrenOnly {
      builder.report(xml.document.finding(.badValue, [xml.document.text, "/ROOT/…/DOCUMENT"]))
    }
    for (record, text) in zip(records, xml.records) where record.isAbsolute || !record.hasChildrenOnly {
      builder.report(text.finding(.badValue, [text.text, ". | RECORD | …/RECORD"]))
    }
    for (index, record) in records.enumerated() {
      // An outer record would end behind the values of the inner one, and could not be told from it.
      let outer = records.indices.first { $0 != index && record.steps.starts(with: records[$0].steps) }
      guard let outer, records[outer].steps.count < record.steps.count || outer < index else { continue }
      builder.report(
        xml.records[index].finding(
          .badValue, [xml.records[index].text, "records outside of \(xml.records[outer].text)"]))
    }
    return XMLShape(
      document: document, records: records, namespaces: namespaces, documentText: xml.document.text,
      recordTexts: xml.records.map(\.text).joined(separator: " | "))
  }

  /// A path that can't find anything in any file of the interface.
  private mutating func reportUnreachable(
    _ text: SourceText, _ path: XMLPath, _ document: XMLPath, _ records: [XMLPath]
  ) {
    if path.isAbsolute {
      guard case .child(let root, _, _)? = document.steps.first,
        case .child(let own, _, _)? = path.steps.first,
        own != root
      else { return }
      builder.report(
        text.finding(
          .badValue,
          [text.text, "/\(definition.read.xml?.document.text.split(separator: "/").first ?? "")/…"]))
    } else {
      let up = path.steps.prefix { $0 == .parent }.count
      let deepest = (records.map(\.steps.count).max() ?? 0) + document.steps.count
      if up >= deepest { builder.report(text.finding(.badValue, [text.text, "../ × \(deepest - 1)"])) }
    }
  }

  private mutating func path(_ text: SourceText, _ namespaces: [String: String]) -> XMLPath? {
    do throws(XMLPath.Fault) {
      return try XMLPath(text.text, namespaces: namespaces)
    } catch {
      switch error {
      case .syntax(let at):
        builder.report(
          text.finding(
            .badValue, [text.text, "NAME/…/@NAME, ../NAME, /ROOT/NAME, NAME[2], NAME[@NAME='TEXT']"],
            characters: at..<max(at + 1, text.text.count)))
      case .undeclaredPrefix(let prefix):
        builder.report(
          text.finding(
            .unknownReference,
            ["read.namespaces", prefix, nearest(to: prefix, among: namespaces.keys.sorted())]))
      }
      return nil
    }
  }

  private var shape: TableShape? {
    let read = definition.read
    if read.header == .one, read.fillDown.isEmpty, read.heads == nil { return nil }
    return TableShape(
      header: read.header, filledDown: read.fillDown.map(\.text),
      heads: read.heads.map {
        HeadsShape(
          header: $0.header, key: $0.key.map(\.text), files: $0.files.map(\.text).joined(separator: ", "))
      })
  }

  private mutating func field(_ name: SourceText) -> Compiled? {
    guard let field = builder.field(name.text) else {
      builder.report(
        name.finding(.unknownName, [name.text, nearest(to: name.text, among: builder.fieldNames)]))
      return nil
    }
    return field.slot >= 0 ? field : nil
  }
}
