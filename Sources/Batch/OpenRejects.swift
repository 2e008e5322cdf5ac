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
  private var byNumber: [String: Reject] = [:]
  private var numbers: [[UInt8]: String] = [:]
  private var changed: Set<String> = []
  private var closed: [Reject] = []

  /// - Parameters:
  ///   - prefix: what a reject number begins with, which is also the name of its counter.
  ///   - last: the counter's last number.
  init(_ open: [Reject], run: Int, prefix: String, last: Int64) {
    self.run = run
    self.prefix = prefix
    self.last = last
    for reject in open {
      byNumber[reject.number] = reject
      if !reject.key.isEmpty { numbers[reject.key] = reject.number }
    }
  }

  var isEmpty: Bool { byNumber.isEmpty }

  /// The counter's last number by now.
  var lastNumber: Int64 { last }

  /// Those that are open by now, in order of number.
  var open: [Reject] { byNumber.values.sorted { $0.number < $1.number } }

  /// What the commit makes true: new ones, changed ones, and those that were closed, in order of number.
  var changes: [Reject] {
    (closed + byNumber.values.filter { changed.contains($0.number) }).sorted { $0.number < $1.number }
  }

  /// Notes a document as rejected.
  /// - Parameters:
  ///   - reject: with everything but number and first run.
  ///   - returned: the number that stands in its first row, where it came back in a reject file.
  /// - Returns: its number: the one that it has, or a new one.
  mutating func add(_ reject: Reject, returned: String?) -> String {
    var reject = reject
    if let known = known(reject.key, returned) {
      (reject.number, reject.sinceRun) = (known.number, known.sinceRun)
      // The number goes with the document as it was first known.
      if !known.key.isEmpty { reject.key = known.key }
      if reject.cause.code == FindingCode.rejectRowsChanged.rawValue { reject.rows = known.rows }
    } else {
      last += 1
      (reject.number, reject.sinceRun) = (prefix + eightDigits(last), run)
    }
    byNumber[reject.number] = reject
    if !reject.key.isEmpty { numbers[reject.key] = reject.number }
    changed.insert(reject.number)
    return reject.number
  }

  /// Notes that a document has another verdict than rejected.
  mutating func close(key: ArraySlice<UInt8>, returned: String?, as verdict: Reject.Closing.Verdict) {
    guard !byNumber.isEmpty, var reject = known(Array(key), returned) else { return }
    byNumber[reject.number] = nil
    numbers[reject.key] = nil
    reject.closed = Reject.Closing(run: run, verdict: verdict)
    closed.append(reject)
  }

  private func known(_ key: [UInt8], _ returned: String?) -> Reject? {
    if let returned, let reject = byNumber[returned] { return reject }
    return key.isEmpty ? nil : numbers[key].flatMap { byNumber[$0] }
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
