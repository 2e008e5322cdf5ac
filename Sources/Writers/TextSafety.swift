/// What is done to every text that comes from outside before it stands in a line: `replace:` of the profile, and in a
/// text format the rule that a value never breaks its line: control characters and runs of spaces become one space.
struct TextSafety: Sendable, Hashable {
  /// By ASCII character: what it becomes.
  private var replacements: [UInt8: [UInt8]] = [:]
  /// By byte: whether it may need work.
  private var flags = [Bool](repeating: false, count: 256)
  private(set) var active = false
  private var oneLine = false

  init(replacing: [(from: UInt8, to: [UInt8])] = [], oneLine: Bool = false) {
    self.oneLine = oneLine
    if oneLine {
      for byte in 0..<0x20 { flags[byte] = true }
      flags[0x20] = true
      flags[0x7F] = true
    }
    for (from, to) in replacing {
      replacements[from] = to
      flags[Int(from)] = true
    }
    active = flags.contains(true)
  }

  func append(_ text: UnsafeBufferPointer<UInt8>, to output: inout ByteBuffer) {
    guard active, let first = text.firstIndex(where: { flags[Int($0)] }) else {
      output.append(text)
      return
    }
    output.append(UnsafeBufferPointer(rebasing: text[..<first]))
    var space = first > 0 && text[first - 1] == 0x20
    for byte in text[first...] {
      if let replacement = replacements[byte] {
        output.append(replacement)
        space = replacement.last == 0x20
      } else if oneLine, byte <= 0x20 || byte == 0x7F {
        if !space { output.append(0x20) }
        space = true
      } else {
        output.append(byte)
        space = false
      }
    }
  }

  /// A text of the context, made safe once.
  func safe(_ text: String) -> [UInt8] {
    var output = ByteBuffer()
    Array(text.utf8).withUnsafeBufferPointer { append($0, to: &output) }
    return Array(output.bytes())
  }
}
