/// A location path of XPath 1.0, as far as it only finds: child, attribute and parent steps, `[n]`, `[@a='x']`.
///
/// Names are told apart by namespace URI; prefixes are those that the mapping declares, never the file's.
public struct XMLPath: Sendable, Hashable {
  public struct Name: Sendable, Hashable {
    /// Empty where the name is in no namespace.
    public var uri: String
    public var local: String
  }

  public enum Step: Sendable, Hashable {
    case child(Name, position: Int?, attributes: [Condition])
    case attribute(Name)
    case parent
    /// `name()`: the element's own local name.
    case name
  }

  /// `[@name='value']`.
  public struct Condition: Sendable, Hashable {
    public var name: Name
    public var value: String
  }

  /// From the root of the file, not from the record.
  public var isAbsolute: Bool
  public var steps: [Step]

  public enum Fault: Error, Sendable, Hashable {
    /// The path has something else than the steps above: where, from 0.
    case syntax(at: Int)
    case undeclaredPrefix(String)
  }

  init(isAbsolute: Bool, _ steps: [Step]) { (self.isAbsolute, self.steps) = (isAbsolute, steps) }

  /// - Parameter namespaces: URIs by prefix; that of the empty prefix is taken by element names without one.
  public init(_ text: String, namespaces: [String: String] = [:]) throws(Fault) {
    var scanner = Scanner(text: Array(text), namespaces: namespaces)
    isAbsolute = scanner.take("/")
    steps = []
    if !isAbsolute, scanner.text == ["."] { return }
    repeat {
      if scanner.take("..") {
        steps.append(.parent)
      } else if scanner.take("name()") {
        steps.append(.name)
        break
      } else if scanner.take("@") {
        steps.append(.attribute(try scanner.name(isAttribute: true)))
        break
      } else {
        steps.append(try scanner.child())
      }
    } while scanner.take("/")
    guard scanner.isAtEnd else { throw .syntax(at: scanner.at) }
  }

  public var hasChildrenOnly: Bool {
    steps.allSatisfy { step in
      if case .child = step { true } else { false }
    }
  }

  private struct Scanner {
    let text: [Character]
    let namespaces: [String: String]
    var at = 0

    var isAtEnd: Bool { at == text.count }

    mutating func take(_ word: String) -> Bool {
      guard text[at...].starts(with: word) else { return false }
      at += word.count
      return true
    }

    mutating func name(isAttribute: Bool) throws(Fault) -> Name {
      let first = try word()
      guard take(":") else {
        return Name(uri: isAttribute ? "" : namespaces[""] ?? "", local: first)
      }
      guard let uri = namespaces[first] else { throw .undeclaredPrefix(first) }
      return Name(uri: uri, local: try word())
    }

    private mutating func word() throws(Fault) -> String {
      let start = at
      while at < text.count, text[at].isLetter || text[at].isNumber || "_-.·".contains(text[at]) { at += 1 }
      guard at > start, let first = text[start...].first, first.isLetter || first == "_" else {
        throw .syntax(at: start)
      }
      return String(text[start..<at])
    }

    mutating func child() throws(Fault) -> Step {
      let name = try name(isAttribute: false)
      var position: Int?
      var attributes: [Condition] = []
      while take("[") {
        if take("@") {
          let attribute = try self.name(isAttribute: true)
          guard take("=") else { throw .syntax(at: at) }
          attributes.append(Condition(name: attribute, value: try quoted()))
        } else {
          let digits = text[at...].prefix { $0.isASCII && $0.isNumber }
          // A position counts all of that name, so it stands before what chooses among them.
          guard let number = Int(String(digits)), number > 0, position == nil, attributes.isEmpty else {
            throw .syntax(at: at)
          }
          position = number
          at += digits.count
        }
        guard take("]") else { throw .syntax(at: at) }
      }
      return .child(name, position: position, attributes: attributes)
    }

    private mutating func quoted() throws(Fault) -> String {
      guard let mark = text[at...].first, mark == "'" || mark == "\"" else { throw .syntax(at: at) }
      let rest = text[(at + 1)...]
      guard let end = rest.firstIndex(of: mark) else { throw .syntax(at: at) }
      defer { at = end + 1 }
      return String(rest[..<end])
    }
  }
}

/// How an XML file holds documents and records: the `read:` part of an interface with `format: xml`.
public struct XMLShape: Sendable, Hashable {
  /// Absolute, child steps only.
  public var document: XMLPath
  /// Below the document, each kind of record by its path; `.` where the document itself is the record.
  public var records: [XMLPath]
  /// URIs by prefix.
  public var namespaces: [String: String]
  /// The document's path and those of the records as the mapping writes them.
  public var documentText: String
  public var recordTexts: String

  /// Caption of a column with the number of the document's element in its file: no path, and so no other column's.
  public static let elementCaption = "(element)"

  public init(
    document: XMLPath, records: [XMLPath], namespaces: [String: String], documentText: String = "",
    recordTexts: String = ""
  ) {
    (self.documentText, self.recordTexts) = (documentText, recordTexts)
    self.document = document
    self.records = records
    self.namespaces = namespaces
  }
}
