public import Findings
public import Ledger
public import Readers

/// Where a program keeps one column of values: an index into its slots.
public typealias Slot = Int

/// One operation over a batch: a closed set, each with its kernel in `Kernels/`. Numbers are units at a scale that
/// was fixed when the expression was compiled.
public enum Operation: Sendable {
  /// A cell's text: trimmed, with `="…"` unwrapped.
  /// Where a value is required, a missing one is a failure.
  case loadText(column: Int, rejectScientific: Bool, required: Bool)
  /// A text as a value of a declared type: see `parseNumber` and `parseDay` of `Ledger`. Digits that the type does not
  /// keep are a failure, unless they are to be rounded.
  case parseNumber(Slot, FieldType, rounded: Bool)
  case parseDate(Slot, format: DateFormat, required: Bool)
  case parseFlag(Slot, required: Bool)
  /// The value as a declared type: rounded half away from zero, its range proven; missing is a failure where
  /// the type is not optional.
  case assignNumber(Slot, fromScale: Int, toScale: Int, optional: Bool)
  case assign(Slot, optional: Bool)
  case add(Slot, Slot)
  case subtract(Slot, Slot)
  case multiply(Slot, Slot)
  /// The quotient has `quotientScale` digits, the last of which tells that more would follow.
  case divide(Slot, Slot, shift: Int)
  case negate(Slot)
  case absolute(Slot)
  /// From one scale to another, half away from zero.
  case round(Slot, fromScale: Int, toScale: Int)
  case compareNumbers(BinaryOperator, Slot, Slot)
  case compareDates(BinaryOperator, Slot, Slot)
  case compareTexts(BinaryOperator, Slot, Slot)
  case compareFlags(Bool, Slot, Slot)
  case and(Slot, Slot)
  case or(Slot, Slot)
  case not(Slot)
  case present(Slot)
  case select(Slot, then: Slot, else: Slot)
  case coalesce(Slot, Slot)
  /// The number of the table's row; a miss is a failure.
  case lookUp(table: Int, keys: [Slot], date: Slot?)
  case contains(table: Int, keys: [Slot], date: Slot?)
  case tableText(table: Int, value: Int, row: Slot)
  case monthEnd(Slot)
  case matches(Slot, pattern: [UInt8])
  case text(TextOperation, [Slot])
  /// Of all records of a document; without a slot, of the records themselves.
  case aggregate(Aggregate, Slot?)
  /// A total of the document over its records by weight: largest remainder.
  case allocate(Slot, by: Slot)
}

/// Operations whose result is a text of its own.
public enum TextOperation: Sendable, Hashable {
  case trim
  case upper
  case lower
  /// With zeros before it, up to so many characters.
  case pad(Int)
  case left(Int)
  case right(Int)
  case replace
  case join([TextPiece])
  /// As `join`, for people: what could not be worked out is a question mark in it.
  case message([TextPiece])
}

/// A piece of a text that is put together: literal bytes, or a value printed.
public enum TextPiece: Sendable, Hashable {
  case literal([UInt8])
  /// Index into the operation's slots, and how the value is printed.
  case value(Int, ValueType.Kind)
}

/// A text with holes, to be put together for single records.
public struct TextTemplate: Sendable, Hashable {
  public var pieces: [TextPiece]
  /// The slots that the pieces' values come from.
  public var inputs: [Slot]
}

/// One step of a program.
public struct Step: Sendable {
  public var operation: Operation
  public var result: Slot
  /// Only records for which this flag is true are worked on; the others are missing.
  public var guarded: Slot?
  /// Who is to blame when it fails: index into `Program.sites`.
  public var site: Int
}

/// What a failing step is about, for its finding.
public struct FailureSite: Sendable, Hashable {
  /// The field's name, or the rule's.
  public var name: String
  /// The column whose cell is to be mended, where there is one.
  public var column: Int?
  /// Digits behind the point that the value may have.
  public var scale: Int

  public init(name: String, column: Int? = nil, scale: Int = 0) {
    self.name = name
    self.column = column
    self.scale = scale
  }
}

/// Expressions, compiled: a list of steps over column slots. A value without identity; running it needs an `Evaluation`.
public struct Program: Sendable {
  /// Digits of a quotient, its sticky digit included.
  public static let quotientScale = 13

  public internal(set) var steps: [Step] = []
  public internal(set) var kinds: [ValueType.Kind] = []
  public internal(set) var constants: [SlotConstant] = []
  public internal(set) var sites: [FailureSite] = []
  public internal(set) var tables: [CodeTable] = []
  /// Records with equal texts in these slots are one document.
  public internal(set) var documentKeys: [Slot] = []
  /// Captions of the columns, in the order of the reader's layout.
  public internal(set) var columns: [String] = []
  /// How numbers are written in the file.
  public internal(set) var decimalMark = DecimalMark.point

  public init() {}

  /// Names of the tables that a step looks something up in.
  public var tablesAsked: Set<String> {
    steps.reduce(into: []) { names, step in
      switch step.operation {
      case .lookUp(let table, _, _), .contains(let table, _, _): names.insert(tables[table].name)
      default: break
      }
    }
  }

  public struct SlotConstant: Sendable, Hashable {
    public var slot: Slot
    public var value: Constant
  }

  public enum Constant: Sendable, Hashable {
    case text(String)
    case number(Int128)
    case date(Int32)
    case flag(Bool)
  }
}

/// Why a step has no value for a record.
public struct Failure: Sendable, Hashable {
  /// Index of the record in the batch.
  public var record: Int32
  public var site: Int32
  public var code: FindingCode
  /// The text that is wrong, in the batch's bytes; for a table the keys.
  public var text: TextRange
  /// For `code-not-found`: index of the table.
  public var table: Int32
}
