/// The candidate that `name` was probably meant to be, or "" when none is near.
///
/// Near is an edit distance (Damerau–Levenshtein, letter case ignored) of at most a third of the longer name.
public func nearest(to name: String, among candidates: some Sequence<String>) -> String {
  let wanted = Array(name.lowercased())
  var best = ""
  var bestDistance = Int.max
  for candidate in candidates {
    let distance = editDistance(wanted, Array(candidate.lowercased()))
    let allowed = max(1, max(wanted.count, candidate.count) / 3)
    if distance <= allowed, distance < bestDistance {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

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
