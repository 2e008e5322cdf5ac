import Ledger
import Mapping
import Posting
import State

/// Documents that come as they were before: then somebody has dropped an old export, as it seems, and a person must say what is
/// right.
extension Past {
  /// The latest version may come again as it was where it was only not approved for a while, not in a full snapshot, or where its
  /// voucher was refused and voided; and so may a value that was missing for a while.
  func reverted(
    _ key: ArraySlice<UInt8>, _ hashes: ArraySlice<ContentHash>, _ pending: UInt32, _ now: Prior
  ) throws(StateError) -> Prior? {
    // Somebody has said that it is to be as it was.
    if source == .held, accepted.contains(Array(key)) { return nil }
    var content = DocumentContent(key: Array(key), hashes: Array(hashes), pending: pending, asked: .max)
    // Beside a version that is held, the one before it is an old one whatever has become of its vouchers.
    let isBesideHeld = source == .file && holdsAnother(content.key, than: Self.bytes(of: hashes))
    var posted: Int?
    switch now {
    case .changed(let run, _, let back): (posted, content.asked) = (run, back)
    case .partly(let run, let done, _) where done == 0 || isBesideHeld: posted = done == 0 ? nil : run
    default: return nil
    }
    // A value that is not there any more may not have been there before; by itself it tells too little.
    let hasLost = now.isChanged && content.asked & pending != 0
    if hasLost { content.asked = .max }
    let isCorrected = try correctedBefore().contains(content.key)
    guard isCorrected || hasLost else { return nil }
    let corrections = isCorrected ? try state.corrections(compiled.interface.name, key: content.key) : []
    for (place, correction) in corrections.enumerated()
    where correction.cause != .reposted && (now.isChanged || correction.cause != .completed) {
      let refused = corrections[place...].filter { $0.cause == .refused }
      let isAsItWas = correction.versions.contains { version in
        // What was refused of the document then had been voided, and was not taken back.
        isEqual(
          content,
          refused.reduce(into: version) { postings, refused in
            postings += refused.postings.filter { lost in !postings.contains { $0.code == lost.code } }
          })
      }
      guard isAsItWas else { continue }
      let isLatest =
        !voidNow.contains(content.key)
        && corrections[..<place].allSatisfy { $0.isRemark && $0.cause != .void }
      let mayReturn = !now.isChanged && isLatest && ![.changed, .void].contains(correction.cause)
      if mayReturn, !isBesideHeld { return nil }
      return .reverted(run: correction.run, posted: posted)
    }
    guard hasLost, let run = try runThatFilledIn(content, corrections) else { return nil }
    return .reverted(run: run, posted: posted)
  }

  private func isEqual(_ content: DocumentContent, _ postings: [Correction.Posting]) -> Bool {
    compiled.postings.indices.allSatisfy { posting in
      guard content.asked >> UInt32(posting) & 1 != 0 else { return true }
      let old = postings.first { $0.code == compiled.postings[posting].code }
      guard content.pending >> UInt32(posting) & 1 == 0 else { return old == nil }
      if let old, old.isOf(content.hashes[posting].number) { return true }
      return isAsThen(posting, content, old, postings)
    }
  }

  /// Whether a posting's content is what it was by a mapping that has changed since: of the columns that count today, or of a
  /// posting that there was not.
  private func isAsThen(
    _ posting: Int, _ content: DocumentContent, _ old: Correction.Posting?, _ all: [Correction.Posting]
  ) -> Bool {
    do {
      for voucher in (old.map { [$0] } ?? all).map(\.voucher) {
        guard let run = try state.run(ofVoucher: voucher), let then = try mappings.definitions(of: run)
        else { continue }
        guard old != nil else {
          return then.interface(named: compiled.interface.name)?.postings.contains {
            $0.code == compiled.postings[posting].code
          } == false
        }
        return try mappings.hashes(of: content.key, compiled, run: run, today: today)?[posting]
          == content.hashes[posting]
      }
      return false
    } catch {
      failure = failure ?? error
      return false
    }
  }

  /// The run that posted what the document lacks now, of a document that had lacked it before and is so again.
  private func runThatFilledIn(
    _ content: DocumentContent, _ corrections: [Correction]
  ) throws(StateError) -> Int? {
    /// What was posted of a posting, from one run to another one.
    struct Span {
      var posting: Correction.Posting
      var runs: Range<Int>
    }
    var spans: [Span] = []
    for correction in corrections {
      for posting in correction.postings {
        let goesOn =
          [.changed, .reposted, .completed].contains(correction.cause) && posting.red.isEmpty
          && posting.black.isEmpty
        guard !goesOn else { continue }
        let from = try state.run(ofVoucher: posting.voucher) ?? 0
        spans.append(Span(posting: posting, runs: from..<max(from, correction.run)))
      }
    }
    let document = try find(content.key[...])
    for posting in compiled.postings.indices {
      guard let document, let hash = document.hash(posting: slot(of: posting)) else { continue }
      let number = document.voucher(posting: slot(of: posting)) ?? 0
      let from = try run(ofVoucher: number, posting: posting, upTo: document.run)
      spans.append(
        Span(
          posting: Correction.Posting(
            code: compiled.postings[posting].code, content: hash, voucher: "", red: "", black: ""),
          runs: from..<Int.max))
    }
    let times = Set(spans.flatMap { [$0.runs.lowerBound, $0.runs.upperBound] }).sorted()
    for (place, time) in times.enumerated().dropLast() {
      var then = spans.filter { $0.runs.contains(time) }.map(\.posting)
      guard !then.isEmpty else { continue }
      // What is made when the month is over was known before.
      for posting in compiled.postings.indices
      where compiled.postings[posting].inputs.gatherDays != nil && content.pending >> UInt32(posting) & 1 == 0
        && !then.contains(where: { $0.code == compiled.postings[posting].code })
      {
        let later = spans.filter {
          $0.posting.code == compiled.postings[posting].code && $0.runs.lowerBound > time
        }
        then += later.min { $0.runs.lowerBound < $1.runs.lowerBound }.map { [$0.posting] } ?? []
      }
      if isEqual(content, then) { return times[place + 1] }
    }
    return nil
  }

  /// The run that gave a posting's voucher, whichever of the books it went to; 0 where there is none here.
  private func run(ofVoucher number: Int64, posting: Int, upTo last: Int) throws(StateError) -> Int {
    guard number != PostedDocument.elsewhere, number != 0 else { return 0 }
    var newest = 0
    for other in compiled.postings.indices
    where compiled.postings[other].code == compiled.postings[posting].code {
      let run = try state.run(ofCounter: compiled.idPrefix(posting: other), number: number) ?? 0
      if run <= last { newest = max(newest, run) }
    }
    return newest
  }
}

/// A document as it has come.
private struct DocumentContent {
  var key: [UInt8]
  var hashes: [ContentHash]
  /// A bit for each posting: it waits for a value.
  var pending: UInt32
  /// The postings that tell.
  var asked: UInt32
}
