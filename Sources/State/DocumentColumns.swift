import Glibc

/// What a run posted of one interface, column by column: the register's input, and its memory within the run.
///
/// Documents come in any order. `settle` makes those that came since findable; at the commit all are sealed in
/// order of key. Where a key comes twice, what came last counts.
package struct DocumentColumns: Sendable {
  /// Number of postings of the interface: one content hash and one voucher number each.
  package let postings: Int
  var keys: [UInt8] = []
  var ends: [Int] = []
  // In 32 bits each: there is one of all these for each document of a run.
  var runs: [Int32] = []
  var files: [Int32] = []
  var rows: [Int32] = []
  var years: [Int32] = []
  private var knownDays: [Int32] = []
  var hashes: [UInt128] = []
  var hashed: [UInt32] = []
  var vouchers: [Int64] = []
  /// Sorted stretches of what is settled, each at least twice as long as the next.
  private var stretches: [[Int32]] = []
  private var settled = 0

  package init(postings: Int) {
    precondition(postings <= 32, "The register keeps up to 32 postings of an interface")
    self.postings = postings
  }

  /// Number of documents, doubled keys included.
  package var count: Int { ends.count }

  /// Makes room for documents that are going to come, with keys of so many bytes, where they are more than there are.
  package mutating func reserve(_ documents: Int, keys: Int) {
    guard documents > count else { return }
    let more = count + documents
    self.keys.reserveCapacity(self.keys.count + keys)
    ends.reserveCapacity(more)
    runs.reserveCapacity(more)
    files.reserveCapacity(more)
    rows.reserveCapacity(more)
    years.reserveCapacity(more)
    knownDays.reserveCapacity(more)
    hashes.reserveCapacity(more * postings)
    hashed.reserveCapacity(more)
    vouchers.reserveCapacity(more * postings)
  }

  /// Adds a document of which nothing is posted yet, and returns its index.
  /// - Parameter day: the document's date, as `Day.number`; `nil` where it is not known.
  @discardableResult
  package mutating func append(
    key: Span<UInt8>, run: Int, file: Int, row: Int, year: Int, day: Int? = nil
  ) -> Int {
    key.withUnsafeBufferPointer { keys.append(contentsOf: $0) }
    ends.append(keys.count)
    runs.append(Int32(run))
    files.append(Int32(file))
    rows.append(Int32(row))
    years.append(Int32(year))
    knownDays.append(day.map { Int32($0) } ?? Self.noDay)
    hashed.append(0)
    for _ in 0..<postings {
      hashes.append(0)
      vouchers.append(0)
    }
    return ends.count - 1
  }

  /// Marks `posting` of a document as posted with this content.
  package mutating func set(hash: UInt128, posting: Int, of document: Int) {
    precondition(posting < postings, "A posting has one of the register's slots")
    hashes[document * postings + posting] = hash
    hashed[document] |= 1 << UInt32(posting)
  }

  /// Says which voucher has it; numbers come last, when all verdicts are known. 0 is no voucher.
  package mutating func set(voucher: Int64, posting: Int, of document: Int) {
    precondition(posting < postings && voucher >= 0, "A voucher number is positive and belongs to a slot")
    vouchers[document * postings + posting] = voucher
  }

  /// The content with which `posting` of a document was posted, or nil.
  package func hash(posting: Int, of document: Int) -> UInt128? {
    hashed[document] & (1 << UInt32(posting)) == 0 ? nil : hashes[document * postings + posting]
  }

  /// The number of the voucher that has `posting` of a document; 0 is no voucher.
  package func voucher(posting: Int, of document: Int) -> Int64 { vouchers[document * postings + posting] }

  /// File sequence and first row of a document.
  package func origin(of document: Int) -> (run: Int, file: Int, row: Int, year: Int, day: Int?) {
    (
      Int(runs[document]), Int(files[document]), Int(rows[document]), Int(years[document]), day(of: document)
    )
  }

  /// The document's date, as `Day.number`; `nil` where it is not known.
  func day(of document: Int) -> Int? { knownDays[document] == Self.noDay ? nil : Int(knownDays[document]) }

  private static let noDay = Int32.min

  /// The settled document with this key, the last of them.
  package func find(_ key: Span<UInt8>) -> Int? {
    guard !stretches.isEmpty else { return nil }
    return key.withUnsafeBufferPointer { key in
      keys.withUnsafeBufferPointer { keys in
        for stretch in stretches.reversed() {
          var low = 0
          var high = stretch.count
          while low < high {
            let middle = (low + high) / 2
            if compareKeys(self.key(Int(stretch[middle]), in: keys), key) <= 0 {
              low = middle + 1
            } else {
              high = middle
            }
          }
          if low > 0, compareKeys(self.key(Int(stretch[low - 1]), in: keys), key) == 0 {
            return Int(stretch[low - 1])
          }
        }
        return nil
      }
    }
  }

  /// Makes the documents that came since the last call findable (at the end of each file).
  package mutating func settle() {
    guard settled < count else { return }
    var stretch = sorted(settled..<count)
    settled = count
    while let previous = stretches.last, previous.count < 2 * stretch.count {
      stretch = merged(previous, stretch)
      stretches.removeLast()
    }
    stretches.append(stretch)
  }

  /// All documents in order of key, older before newer where keys are equal.
  func order() -> [Int32] {
    var copy = self
    copy.settle()
    guard var order = copy.stretches.last else { return [] }
    for stretch in copy.stretches.dropLast().reversed() { order = merged(stretch, order) }
    return order
  }

  @inline(__always)
  func key(_ document: Int, in keys: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: keys[(document == 0 ? 0 : ends[document - 1])..<ends[document]])
  }

  private func merged(_ older: [Int32], _ newer: [Int32]) -> [Int32] {
    keys.withUnsafeBufferPointer { keys in
      guard let lastOlder = older.last, let firstNewer = newer.first else { return older + newer }
      if compareKeys(key(Int(lastOlder), in: keys), key(Int(firstNewer), in: keys)) <= 0 {
        return older + newer
      }
      var result: [Int32] = []
      result.reserveCapacity(older.count + newer.count)
      var i = 0
      var j = 0
      while i < older.count, j < newer.count {
        if compareKeys(key(Int(older[i]), in: keys), key(Int(newer[j]), in: keys)) <= 0 {
          result.append(older[i])
          i += 1
        } else {
          result.append(newer[j])
          j += 1
        }
      }
      return result + older[i...] + newer[j...]
    }
  }

  private func sorted(_ range: Range<Int>) -> [Int32] {
    keys.withUnsafeBufferPointer { keys in
      let first = key(range.lowerBound, in: keys)
      var shared = first.count
      var ascending = true
      var previous = first
      for document in range.dropFirst() {
        let next = key(document, in: keys)
        shared = min(shared, sharedLength(first, next))
        if ascending { ascending = compareKeys(previous, next) <= 0 }
        previous = next
      }
      if ascending { return range.map { Int32($0) } }
      // Most keys differ within the eight bytes that follow what all share, so that most comparisons are of numbers.
      var items: [(lead: UInt64, document: Int32)] = []
      items.reserveCapacity(range.count)
      for document in range {
        let key = key(document, in: keys)
        var lead: UInt64 = 0
        for offset in shared..<(shared + 8) {
          lead = lead << 8 | (offset < key.count ? UInt64(key[offset]) : 0)
        }
        items.append((lead, Int32(document)))
      }
      items.sort { left, right in
        if left.lead != right.lead { return left.lead < right.lead }
        let outcome = compareKeys(key(Int(left.document), in: keys), key(Int(right.document), in: keys))
        return outcome == 0 ? left.document < right.document : outcome < 0
      }
      return items.map(\.document)
    }
  }
}

/// Order of keys: by bytes, a beginning before what it begins. Negative, zero or positive.
@inline(__always)
func compareKeys(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
  let common = min(left.count, right.count)
  if common > 0 {
    let outcome = memcmp(left.baseAddress!, right.baseAddress!, common)
    if outcome != 0 { return Int(outcome) }
  }
  return left.count - right.count
}

@inline(__always)
func sharedLength(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
  let common = min(left.count, right.count)
  var length = 0
  while length < common, left[length] == right[length] { length += 1 }
  return length
}
