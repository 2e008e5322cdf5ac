import Mapping
import State

/// Which files are taken together: lines, and their documents' heads. Both lie in one folder, and what
/// stands for `*` in the patterns is the same in both names.
struct FilePairs {
  private let interfaces: [Interface]

  init(_ interfaces: [CompiledInterface]) {
    self.interfaces = interfaces.map(\.interface).filter { !$0.headsPatterns.isEmpty }
  }

  /// The name of the file with the heads of a file of the interface; `nil` where it has none.
  func heads(of name: [UInt8], interface: String) -> [UInt8]? {
    guard let interface = interfaces.first(where: { $0.name == interface }) else { return nil }
    return Self.other(name, interface.filePatterns, interface.headsPatterns)
  }

  /// Interfaces of which a file has the heads by its name, with the name of the file with the lines.
  func owners(of name: [UInt8]) -> [(interface: String, name: [UInt8])] {
    interfaces.compactMap { interface in
      Self.other(name, interface.headsPatterns, interface.filePatterns).map { (interface.name, $0) }
    }
  }

  /// For each of a run's files that has one, the number of the one with its heads.
  func pairs(of files: [RunFile]) -> [Int: Int] {
    guard !interfaces.isEmpty else { return [:] }
    let numbers = Dictionary(files.map { ($0.name, $0.sequence) }, uniquingKeysWith: { first, _ in first })
    return files.reduce(into: [:]) { pairs, file in
      if let name = heads(of: file.name, interface: file.interface), let number = numbers[name] {
        pairs[file.sequence] = number
      }
    }
  }

  /// Numbers of the files that can't be read when those with `numbers` are gone: the other one of each pair.
  func others(of numbers: Set<Int>, among files: [RunFile]) -> Set<Int> {
    var others: Set<Int> = []
    for (lines, heads) in pairs(of: files) {
      if numbers.contains(lines) { others.insert(heads) }
      if numbers.contains(heads) { others.insert(lines) }
    }
    return others.subtracting(numbers)
  }

  private static func other(_ name: [UInt8], _ patterns: [String], _ others: [String]) -> [UInt8]? {
    let path = Path(name)
    let base = path.lastName
    for (pattern, other) in zip(patterns, others) {
      let parts = pattern.utf8.split(separator: 0x2A, maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, base.count >= parts[0].count + parts[1].count, base.starts(with: parts[0]),
        base.suffix(parts[1].count).elementsEqual(parts[1])
      else { continue }
      let star = base.dropFirst(parts[0].count).dropLast(parts[1].count)
      return name.dropLast(base.count)
        + other.utf8.flatMap { $0 == 0x2A ? Array(star) : [$0] }
    }
    return nil
  }
}
