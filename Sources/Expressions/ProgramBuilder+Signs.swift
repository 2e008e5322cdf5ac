public import Findings
import Ledger

extension Compiled {
  /// What is told of a value that is posted.
  final class Notes: Sendable, Hashable {
    let addedName: String?
    let sign: Sign

    init(addedName: String?, sign: Sign) { (self.addedName, self.sign) = (addedName, sign) }

    static func == (left: Notes, right: Notes) -> Bool {
      left.addedName == right.addedName && left.sign == right.sign
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(addedName)
      hasher.combine(sign)
    }
  }

  /// What of a document is added to a value of each record, so that it would count once for each of them.
  var addedName: String? {
    get { notes?.addedName }
    set { notes = Notes(addedName: newValue, sign: sign) }
  }

  /// How it stands to `document.sign`.
  var sign: Sign {
    get { notes?.sign ?? Sign() }
    set { notes = Notes(addedName: addedName, sign: newValue) }
  }

  struct Sign: Sendable, Hashable {
    /// It counts backwards where the document does.
    var isSigned = false
    /// A number that does not.
    var plainName: String?
    /// What doesn't, in a sum with what does.
    var mixedName: String?

    /// Of a sum, or a choice.
    func joined(_ other: Sign) -> Sign {
      var result = Sign(isSigned: isSigned || other.isSigned, mixedName: mixedName ?? other.mixedName)
      if !result.isSigned {
        result.plainName = plainName ?? other.plainName
      } else if result.mixedName == nil, isSigned != other.isSigned {
        result.mixedName = isSigned ? other.plainName : plainName
      }
      return result
    }

    func times(_ other: Sign) -> Sign {
      Sign(
        isSigned: isSigned != other.isSigned, plainName: isSigned == other.isSigned ? plainName : nil,
        mixedName: mixedName ?? other.mixedName)
    }
  }
}

extension ProgramBuilder {
  /// The value, or less its absolute value where the document's sign is -1.
  mutating func signed(_ value: Compiled, _ name: String, _ type: FieldType) -> Compiled {
    guard let sign, signedFields.contains(name) || type.kind == .quantity, case .number = value.type.kind,
      !value.sign.isSigned
    else { return value }
    let before = (source, site, columnsAllowed)
    if isNegative == nil {
      guard let syntax = parse(sign) else {
        self.sign = nil
        return value
      }
      begin(sign, site: "document.sign")
      columnsAllowed = true
      if let later = names(in: syntax).sorted().first(where: { fields[$0] == nil && declared.contains($0) }) {
        // As a column's name it would be another value than the one that is meant.
        fault(.badValue, [later, "document.sign: fields above \(name)"], at: syntax)
        self.sign = nil
        return value
      }
      for number in syntax.statedResults where number.rescaled(to: 0)?.units.magnitude != 1 {
        fault(.badValue, ["\(number)", "1 | -1"], at: syntax)
      }
      let minus = Syntax.unary(.minus, .number(units: 1, scale: 0, syntax.range), syntax.range)
      isNegative = compile(.binary(.equal, syntax, minus, syntax.range))
    }
    (source, site, columnsAllowed) = before
    guard let condition = isNegative else {
      self.sign = nil
      return value
    }
    let kind = value.type.kind
    let red = emit(.negate(emit(.absolute(value.slot), kind)), kind)
    var result = merged(
      [value, condition], slot: emit(.select(condition.slot, then: red, else: value.slot), kind), kind)
    result.type.presence = value.type.presence
    result.sign = Compiled.Sign(isSigned: true)
    return result
  }

  /// Faults of a value that is posted or reconciled: it mixes what must be kept apart.
  public mutating func reportMixed(_ value: Compiled, at source: SourceText) {
    if let name = value.addedName { findings.append(source.finding(.countedByRecord, [name])) }
    if let name = value.sign.mixedName, sign != nil {
      findings.append(source.finding(.badValue, [name, "document.sign: measures: […, \(name)]"]))
    }
  }
}
