/// Whether a whole text is as the pattern has it: `*` stands for any text, `?` for one character. Both are UTF-8.
package func glob(_ pattern: [UInt8], matches name: some RandomAccessCollection<UInt8>) -> Bool {
  let name = Array(name)
  var (p, n) = (0, 0)
  var star: (pattern: Int, name: Int)?
  while n < name.count {
    if p < pattern.count, pattern[p] == 0x2A {
      star = (p + 1, n)
      p += 1
    } else if p < pattern.count, pattern[p] == 0x3F {
      p += 1
      n += 1
      while n < name.count, name[n] & 0xC0 == 0x80 { n += 1 }
    } else if p < pattern.count, pattern[p] == name[n] {
      p += 1
      n += 1
    } else if let last = star {
      star = (last.pattern, last.name + 1)
      (p, n) = (last.pattern, last.name + 1)
    } else {
      return false
    }
  }
  return pattern[p...].allSatisfy { $0 == 0x2A }
}
