/// What is fuzzed. Each target takes any bytes whatever and says what is wrong with what the program made of them;
/// `FuzzDriver` feeds it for hours, `FuzzingTests` with the corpus that those hours left behind.
package enum FuzzTarget: String, CaseIterable, Sendable {
  /// The reader of tables, whole and in blocks of any size.
  case csv
  /// Files of XML, and spreadsheets in it.
  case xml
  /// Numbers as exports write them, and exact arithmetic, against digits on paper.
  case number
  /// Days as exports write them, and the calendar.
  case date
  /// One file of `mappings/`, among others that are sound: read, compiled, and told what is wrong.
  case definition
  /// An expression: compiled, and worked out for records together and one by one.
  case expression

  /// What is wrong, or `nil`.
  package func fault(in bytes: [UInt8]) -> String? {
    switch self {
    case .csv: CSVFuzz.fault(in: bytes)
    case .xml: XMLFuzz.fault(in: bytes)
    case .number: NumberFuzz.fault(in: bytes)
    case .date: DateFuzz.fault(in: bytes)
    case .definition: DefinitionFuzz.fault(in: bytes)
    case .expression: ExpressionFuzz.fault(in: bytes)
    }
  }
}

/// Decisions taken from the front of an input, so that a fuzzer can change one of them and keep the rest.
struct Choices {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func below(_ limit: Int) -> Int { Int(rest.popFirst() ?? 0) % limit }

  mutating func of<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
