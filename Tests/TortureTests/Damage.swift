import Foundation

/// Something that happens to a database that is not ours to prevent: a bad disk, a bad copy, a wrong backup.
struct Damage: Sendable, CustomStringConvertible {
  var kind: String
  var place: String
  /// What becomes of the file's bytes; `nil` deletes it.
  var apply: @Sendable (Data) -> Data?

  var description: String { "\(kind), \(place)" }

  static let pageSize = 4096

  /// What can be done to one file, at places that the generator chooses.
  /// - Parameters:
  ///   - size: the file's length.
  ///   - count: how many of each kind that chance decides.
  static func all(size: Int, count: Int, _ random: inout SplitMix) -> [Damage] {
    var all = [
      Damage(kind: "deleted", place: "", apply: { _ in nil }),
      Damage(kind: "emptied", place: "", apply: { _ in Data() }),
      Damage(kind: "nonsense", place: "", apply: { Data(repeating: 0x5A, count: $0.count) }),
    ]
    for length in [1, 16, 100, 512, pageSize, size / 4, size / 2, size * 3 / 4, size - pageSize, size - 1]
    where (1..<size).contains(length) {
      all.append(Damage(kind: "truncated", place: "to \(length)", apply: { $0.prefix(length) }))
    }
    for _ in 0..<count {
      let (bit, byte, value) = (random.below(size * 8), random.below(size), UInt8(random.below(256)))
      all.append(
        Damage(kind: "bit flipped", place: "bit \(bit)") { data in
          var data = data
          data[bit / 8] ^= 1 << (bit % 8)
          return data
        })
      all.append(
        Damage(kind: "byte changed", place: "byte \(byte) to \(value)") { data in
          var data = data
          data[byte] = value
          return data
        })
    }
    let pages = size / pageSize
    for _ in 0..<(pages > 1 ? count : 0) {
      let (page, other) = (random.below(pages), random.below(pages))
      all.append(
        Damage(kind: "page zeroed", place: "page \(page)") { data in
          var data = data
          data.replaceSubrange(range(page), with: Data(count: pageSize))
          return data
        })
      guard page != other else { continue }
      all.append(
        Damage(kind: "pages swapped", place: "pages \(page) and \(other)") { data in
          var data = data
          let first = data.subdata(in: range(page))
          data.replaceSubrange(range(page), with: data.subdata(in: range(other)))
          data.replaceSubrange(range(other), with: first)
          return data
        })
    }
    return all
  }

  private static func range(_ page: Int) -> Range<Int> { page * pageSize..<(page + 1) * pageSize }
}
