import Ledger

/// Runs compiled cells over a scene. The writer and the contract check share it, so that what is checked is what is
/// written.
struct Renderer {
  let layout: Layout
  let delimited: DelimitedText
  let transcoder: Transcoder
  var scene: Scene
  private var marks: [Int]

  init(profile: Profile, batch: VoucherBatch, context: VoucherContext) {
    layout = profile.layout
    delimited = profile.delimited
    transcoder = Transcoder(to: profile.encoding, missing: profile.missingCharacter)
    scene = Scene(profile: profile, batch: batch, context: context)
    marks = Array(repeating: 0, count: max(1, profile.layout.slots))
  }

  /// Appends a cell as it stands in the file (UTF-8); whether it holds anything.
  mutating func append(_ cell: Cell, to output: inout ByteBuffer) -> Bool {
    let before = output.count
    run(cell.steps, to: &output)
    if let most = cell.cutAfter { cut(&output, from: before, after: most) }
    if cell.finish == .delimited { delimited.finish(&output, from: before) }
    return output.count > before
  }

  /// Appends a cell's value as whoever imports the file sees it: guarded, not quoted.
  mutating func appendValue(_ cell: Cell, to output: inout ByteBuffer) {
    let before = output.count
    run(cell.steps, to: &output)
    if cell.finish == .delimited { delimited.guardFormula(&output, from: before) }
  }

  /// Leaves what fits into `most` bytes of the profile's encoding, and no half character.
  private func cut(_ output: inout ByteBuffer, from start: Int, after most: Int) {
    guard !transcoder.surelyWrites(output.bytes(from: start), most: most) else { return }
    let text = String(decoding: output.bytes(from: start), as: UTF8.self)
    var encoded = ByteBuffer()
    var fitting = 0
    for character in text {
      var bytes = String(character)
      _ = bytes.withUTF8 { transcoder.append($0, to: &encoded) }
      guard encoded.count <= most else {
        output.truncate(to: start + fitting)
        return
      }
      fitting += character.utf8.count
    }
  }

  private mutating func run(_ steps: Range<Int>, to output: inout ByteBuffer) {
    var at = steps.lowerBound
    while at < steps.upperBound {
      let step = layout.steps[at]
      at += 1
      switch step {
      case .literal(let start, let end): output.append(layout.constants, Int(start)..<Int(end))
      case .text(let path): scene.append(path, to: &output)
      case .number(let path, let decimals, let zeroIsEmpty):
        scene.appendNumber(path, decimals: decimals, zeroIsEmpty: zeroIsEmpty, to: &output)
      case .dimension(let index): scene.append(dimension: index, to: &output)
      case .dimensionName(let index): scene.append(nameOfDimension: index, to: &output)
      case .codeField(let index): scene.append(fieldOfCode: index, to: &output)
      case .mark(let slot): marks[slot] = output.count
      case .leaveIfWritten(let slot, let to): if output.count > marks[slot] { at = to }
      }
    }
  }

  /// Appends a segment (UTF-8); whether any of its cells holds anything.
  mutating func append(_ segment: Segment, to output: inout ByteBuffer) -> Bool {
    var filled = false
    for index in segment.parts {
      switch layout.parts[index] {
      case .literal(let start, let end):
        if end == start + 1 {
          output.append(layout.constants[Int(start)])
        } else {
          output.append(layout.constants, Int(start)..<Int(end))
        }
      case .cell(let cell):
        if append(layout.cells[cell], to: &output) { filled = true }
      }
    }
    return filled
  }
}
