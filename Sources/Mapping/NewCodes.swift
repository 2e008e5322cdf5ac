public import Expressions
import Readers

/// What finance is told of a table's new codes, as the documents have it that wait for them.
public struct NewCodesRule: Sendable {
  public var table: String
  public var fields: [Field]

  public struct Field: Sendable {
    public var name: String
    public var slot: Slot
    public var kind: ValueType.Kind
  }
}

/// A code that a table lacks, as one or more documents have it.
public struct MissingCode: Sendable, Hashable {
  /// Index among the interface's rules for new codes.
  public var rule: Int
  /// Of a table with several keys all of them, with `, ` between.
  public var key: String
  /// In the order of the rule's fields.
  public var fields: [String]
}

extension DocumentGatherer {
  /// Takes down that a record waits for a code, where finance is to be told of it.
  mutating func seek(
    _ key: String, in table: String, _ index: Int, _ record: Int, _ batch: RecordBatch,
    _ evaluation: Evaluation
  ) {
    for (rule, new) in interface.newCodes.enumerated() where new.table == table {
      let fields = new.fields.map { field in
        var text: [UInt8] = []
        evaluation.appendValue(of: field.slot, field.kind, record, batch, to: &text)
        return String(decoding: text, as: UTF8.self)
      }
      missing[MissingCode(rule: rule, key: key, fields: fields), default: []].append(Int32(index))
    }
  }
}
