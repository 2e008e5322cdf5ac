import Findings
import Ledger
import Mapping
import Posting
import State

/// The rejects of an interface that are open, as a run goes through its documents: a document that is rejected again
/// keeps its number, one that has another verdict closes its reject.
struct OpenRejects {
  private let run: Int
  private let prefix: String
  private var last: Int64
  /// All that were open at any time, in the order in which they were met.
  private var rejects: [(reject: Reject, isChanged: Bool)] = []
  /// Those from here on are new ones of the file at hand, and not among what follows yet: mostly no other document of the
  /// file has their keys.
  private var indexed = 0
  private var mayRepeatKeys = false
  /// Which of them are open.
  private var byNumber: [String: Int] = [:]
  private var byKey: [[UInt8]: Int] = [:]

  /// - Parameters:
  ///   - prefix: what a reject number begins with, which is also the name of its counter.
  ///   - last: the counter's last number.
  init(_ open: [Reject], run: Int, prefix: String, last: Int64) {
    self.run = run
    self.prefix = prefix
    self.last = last
    for reject in open { rejects.append((reject, false)) }
    index()
  }

  /// Whether none is open that an earlier file or run has left.
  var isEmpty: Bool { byNumber.isEmpty }

  /// The counter's last number by now.
  var lastNumber: Int64 { last }

  /// What the commit makes true: new ones, changed ones, and those that were closed, in order of number.
  var changes: [Reject] {
    let changed = rejects.indices.filter { rejects[$0].isChanged }
    let inOrder = zip(changed, changed.dropFirst()).allSatisfy {
      rejects[$0].reject.number <= rejects[$1].reject.number
    }
    let ordered = inOrder ? changed : changed.sorted { rejects[$0].reject.number < rejects[$1].reject.number }
    return ordered.map { rejects[$0].reject }
  }

  /// Begins another file.
  /// - Parameters:
  ///   - count: how many documents of it are going to be added.
  ///   - mayRepeatKeys: whether two of them may have one key.
  mutating func begin(_ count: Int, mayRepeatKeys: Bool) {
    self.mayRepeatKeys = mayRepeatKeys
    index()
    rejects.reserveCapacity(rejects.count + count)
  }

  /// Notes a document as rejected.
  /// - Parameters:
  ///   - reject: with everything but number and first run.
  ///   - returned: the number that stands in its first row, where it came back in a reject file.
  /// - Returns: its number: the one that it has, or a new one.
  mutating func add(_ reject: Reject, returned: String?) -> String {
    var reject = reject
    if let place = place(reject.key, returned) {
      let known = rejects[place].reject
      (reject.number, reject.sinceRun) = (known.number, known.sinceRun)
      // The number goes with the document as it was first known.
      if !known.key.isEmpty { reject.key = known.key }
      if reject.cause.code == FindingCode.rejectRowsChanged.rawValue { reject.rows = known.rows }
      rejects[place] = (reject, true)
      if !reject.key.isEmpty { byKey[reject.key] = place }
    } else {
      last += 1
      (reject.number, reject.sinceRun) = (prefix + eightDigits(last), run)
      rejects.append((reject, true))
    }
    return reject.number
  }

  /// Notes that a document has another verdict than rejected.
  mutating func close(key: ArraySlice<UInt8>, returned: String?, as verdict: Reject.Closing.Verdict) {
    guard let place = place(Array(key), returned) else { return }
    let reject = rejects[place].reject
    byNumber[reject.number] = nil
    byKey[reject.key] = nil
    rejects[place].reject.closed = Reject.Closing(run: run, verdict: verdict)
    rejects[place].isChanged = true
  }

  private mutating func index() {
    for place in indexed..<rejects.count {
      byNumber[rejects[place].reject.number] = place
      if !rejects[place].reject.key.isEmpty { byKey[rejects[place].reject.key] = place }
    }
    indexed = rejects.count
  }

  private mutating func place(_ key: [UInt8], _ returned: String?) -> Int? {
    // What stands in a file's rows may be any number, also one that was given a moment ago.
    if returned != nil || mayRepeatKeys { index() }
    if let returned, let place = byNumber[returned] { return place }
    return key.isEmpty ? nil : byKey[key]
  }
}

extension Verdict {
  /// How it closes a reject; `nil` where it is one.
  var closing: Reject.Closing.Verdict? {
    switch self {
    case .posted: .posted
    case .held: .held
    case .repeated: .repeated
    case .ignored: .ignored
    case .rejected: nil
    }
  }
}

/// A counter's number as IDs have it.
func eightDigits(_ number: Int64) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
}
