package import Definitions
import Findings

extension Profile {
  /// Reads a profile's definition.
  ///
  /// - Parameter faults: gets everything that is wrong with it.
  /// - Returns: `nil` where something is.
  package static func read(_ node: Node, faults: Faults) -> Profile? {
    let before = faults.findings.count
    let keys = Keys(of: node, faults: faults)
    if let language = keys.text("language"), language.text != "1" {
      faults.report(.languageVersion, at: language, [language.text])
    }
    let name = keys.text("profile")
    let title = keys.optionalText("title")
    let provenBy = keys.text("proven_by")
    let proofs = ["program", "schema", "document"]
    if let provenBy, !proofs.contains(where: { provenBy.text.hasPrefix($0 + " ") }) {
      faults.report(
        .badValue, at: provenBy, [provenBy.text, proofs.map { "\($0) …" }.joined(separator: " | ")])
    }
    let format = keys.choice("format", of: Format.self)
    var reader = ProfileReader(keys: keys, name: name?.text ?? "", faults: faults)
    switch format {
    case .csv: reader.readDelimited()
    case .text: reader.readText()
    case .xml: reader.readTree()
    case nil: return nil
    }
    reader.readContract()
    reader.addEncodingRules()
    keys.finish()
    guard faults.findings.count == before, let name, let provenBy, let format else { return nil }
    return Profile(
      name: name.text, title: title?.text ?? name.text, provenBy: provenBy.text, format: format,
      encoding: reader.encoding, byteOrderMark: reader.byteOrderMark, lineEnds: reader.lineEnds,
      columns: reader.columns.map(\.source.text), dimensionSeparator: reader.dimensionSeparator,
      dimensionFormat: reader.dimensionFormat, delimited: reader.delimited, safety: reader.safety,
      accountSafety: reader.accountSafety, missingCharacter: reader.missingCharacter, layout: reader.layout,
      tree: reader.tree,
      rules: reader.rules)
  }
}

enum YesNo: String, CaseIterable {
  case yes
  case no
}

/// What is being gathered while a profile is read. `ProfileReader+Contract`, `Delimited/` and `Text/` go on with it.
struct ProfileReader {
  struct Column {
    var source: SourceText
    var expression: ProfileExpression
    var cell: Int
    var decimals: Int8
  }

  let keys: Keys
  let name: String
  let faults: Faults
  let encoding: OutputEncoding
  let byteOrderMark: Bool
  let lineEnds: Profile.LineEnds
  let dimensionSeparator: String
  let dimensionFormat: DimensionFormat
  let missingCharacter: [UInt8]?
  var delimited = DelimitedText(delimiter: 0x2C, guardsFormulas: false)
  var safety = TextSafety()
  var accountSafety = TextSafety()
  var layout = Layout()
  var tree: OutputElement?
  var columns: [Column] = []
  /// Cells of text lines, with the line that each stands in.
  var lineCells: [(source: SourceText, cell: Int, expression: ProfileExpression)] = []
  var rules: [ContractRule] = []
  private let transcoder: Transcoder

  init(keys: Keys, name: String, faults: Faults) {
    self.keys = keys
    self.name = name
    self.faults = faults
    encoding = keys.choice("encoding", default: .utf8)
    byteOrderMark = keys.choice("byte_order_mark", default: YesNo.no) == .yes
    lineEnds = keys.choice("line_ends", default: .crlf)
    dimensionSeparator = keys.optionalText("dimension_separator")?.text ?? "; "
    dimensionFormat =
      keys.optionalText("dimension_format").flatMap { DimensionFormat($0, faults: faults) }
      ?? DimensionFormat()
    let missing = keys.optionalText("missing_character")
    missingCharacter = missing.map { Array($0.text.utf8) }
    transcoder = Transcoder(to: encoding)
    if let missing { checkWritable(missing) }
    if byteOrderMark, encoding == .gbk, let key = keys.keyText("byte_order_mark") {
      faults.report(.badValue, at: key, ["yes", "no, as GBK has no byte-order mark"])
    }
  }

  /// Reports a text of the profile itself that its encoding can't write.
  func checkWritable(_ source: SourceText) {
    var text = source.text
    var encoded = ByteBuffer()
    if let missing = text.withUTF8({ transcoder.append($0, to: &encoded) }) {
      faults.report(
        .characterUnwritable, at: source, [name, source.text, String(missing), encoding.rawValue])
    }
  }

  /// Reports paths that have no value where the expression stands.
  func check(_ expression: ProfileExpression, at source: SourceText, levels: Set<ProfilePath.Level>) {
    var wrong = expression.paths.filter { !levels.contains($0.level) }.map(\.rawValue)
    wrong += expression.callees.filter { !levels.contains($0.level) }.map(\.rawValue).sorted()
    for path in wrong { faults.report(.levelMismatch, at: source, [path]) }
  }

  /// `replace: { ";": "；" }`: what becomes of single ASCII characters in values; `account_replace:` goes first where the
  /// value is an account's code or name.
  mutating func readSafety(oneLine: Bool) {
    let all = replacements("replace")
    let own = replacements("account_replace")
    safety = TextSafety(replacing: all, oneLine: oneLine)
    accountSafety = TextSafety(replacing: all + own, oneLine: oneLine)
  }

  private func replacements(_ key: String) -> [(from: UInt8, to: [UInt8])] {
    keys.entries(key).compactMap { entry in
      guard case .scalar(let text) = entry.value.content else {
        faults.report(.wrongShape, at: entry.value.source, ["a text"])
        return nil
      }
      guard entry.key.text.utf8.count == 1, let byte = entry.key.text.utf8.first, byte < 0x80 else {
        faults.report(.badValue, at: entry.key, [entry.key.text, "one ASCII character"])
        return nil
      }
      checkWritable(text)
      return (byte, Array(text.text.utf8))
    }
  }
}
