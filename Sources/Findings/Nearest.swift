/// The candidate that `name` was probably meant to be, or "" when none is near.
///
/// Near is an edit distance (Damerau–Levenshtein, letter case ignored) of at most a third of the longer name.
public func nearest(to name: String, among candidates: some Sequence<String>) -> String {
  guard name.utf8.count <= longestName else { return "" }
  let wanted = Array(name.lowercased())
  var best = ""
  var bestDistance = Int.max
  for candidate in candidates where candidate.utf8.count <= longestName {
    let other = Array(candidate.lowercased())
    let allowed = max(1, max(wanted.count, other.count) / 3)
    // The distance is at least the difference in length.
    guard abs(wanted.count - other.count) <= allowed else { continue }
    let distance = editDistance(wanted, other)
    if distance <= allowed, distance < bestDistance {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/// Bytes of the longest text that can be a name which somebody mistyped.
private let longestName = 1000

private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for i in left.indices {
    var row = [i + 1]
    for j in right.indices {
      var cost = min(
        last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
        cost = min(cost, beforeLast[j - 1] + 1)
      }
      row.append(cost)
    }
    beforeLast = last
    last = row
  }
  return last[right.count]
}
