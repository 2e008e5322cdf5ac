import Expressions
import Findings
import Mapping
import Readers

/// Which interface a file belongs to: the one whose name pattern and whose columns fit.
enum Recognition {
  case interface(String)
  /// No interface, or several: the file stays in the inbox.
  case stays([Finding])

  /// - Parameter pairs: by interface, what lies beside the file where the two are taken together.
  init(
    _ source: ByteSource, name: [UInt8], _ interfaces: [CompiledInterface],
    pairs: [String: ByteSource] = [:]
  ) throws {
    let text = String(decoding: name, as: UTF8.self)
    let base = Path(name).lastName
    func isNamed(_ interface: Interface) -> Bool {
      interface.filePatterns.contains { glob(Array($0.utf8), matches: base) }
    }
    let mayBeXML = try interfaces.contains {
      let layout = $0.interface.layout
      guard layout.xml != nil || layout.sheet != nil else { return false }
      return try isNamed($0.interface)
        || Header.ofXML(in: source, layout: layout, file: text).isRejectFile
    }
    if let kind = FirstBytes.kind(of: try source.bytes(in: 0..<1024)),
      !mayBeXML || (kind != .xml && kind != .utf16)
    {
      self = .stays([Finding(.fileWrongKind, .warning, at: Place(file: text), [kind.rawValue])])
      return
    }
    var fitting: [String] = []
    var numbered: [String] = []
    var candidates: [Candidate] = []
    for compiled in interfaces {
      let interface = compiled.interface
      let layout = try FileLayout.find(
        in: source, of: interface, file: text, heads: pairs[interface.name])
      let header = layout.header
      // A reject file that came back may have any name: its columns say what it is.
      let named = header.isRejectFile || isNamed(interface)
      if named, header.fits {
        fitting.append(interface.name)
        let isOurs =
          try header.rejectOf.map { $0 == interface.name }
          ?? (header.isRejectFile && RejectNumbers(source, layout).has(prefix: compiled.rejectPrefix))
        if isOurs { numbered.append(interface.name) }
      }
      candidates.append(
        Candidate(
          interface: interface.name, patterns: interface.filePatterns.joined(separator: ", "), named: named,
          header: header))
    }
    // Interfaces with the same columns: the numbers say whose rejects these are.
    if fitting.count > 1, numbered.count == 1 { fitting = numbered }
    if fitting.count == 1 {
      self = .interface(fitting[0])
    } else if fitting.count > 1 {
      self = .stays([
        Finding(.fileAmbiguous, .warning, at: Place(file: text), [fitting.joined(separator: ", ")])
      ])
    } else {
      for candidate in candidates where candidate.named {
        guard let compiled = interfaces.first(where: { $0.interface.name == candidate.interface }),
          let found = try FileLayout.otherDelimiter(in: source, of: compiled.interface, file: text)
        else { continue }
        let wanted = compiled.interface.layout.delimiter
        self = .stays([
          Finding(
            .delimiterOther, .warning, at: Place(file: text),
            [candidate.interface] + [found, wanted].map(Self.word))
        ])
        return
      }
      self = .stays(Self.reasons(candidates, text))
    }
  }

  /// A delimiter as definitions have it.
  private static func word(_ delimiter: UInt8) -> String {
    delimiter == 0x09 ? "\\t" : String(UnicodeScalar(delimiter))
  }

  /// How an interface fits a file.
  private struct Candidate {
    var interface: String
    var patterns: String
    /// Whether the file's name is as the interface has it.
    var named: Bool
    var header: Header
  }

  private static func reasons(
    _ candidates: [Candidate], _ file: String
  ) -> [Finding] {
    let named = candidates.filter(\.named)
    let nearest = (named.isEmpty ? candidates : named).max { $0.header.matched < $1.header.matched }
    guard let nearest, named.count > 0 || nearest.header.matched > 0 else {
      return [Finding(.fileUnrecognised, .warning, at: Place(file: file), ["", ""])]
    }
    let missing = nearest.header.findings.filter { $0.code == .columnMissing }.compactMap(\.arguments.first)
    var findings = [
      Finding(
        .fileUnrecognised, .warning, at: Place(file: file),
        [nearest.interface, missing.joined(separator: ", ")] + (nearest.named ? [] : [nearest.patterns]))
    ]
    if nearest.named {
      findings += nearest.header.findings.map { finding in
        var finding = finding
        finding.severity = .warning
        return finding
      }
    }
    return findings
  }
}
