import Findings
import Ledger
import Mapping
import Posting
import Readers
import Reconciliation
import State
import Writers

extension Conversion.InterfaceResult {
  /// The books of each part. `posted` of a measure is what the drafts of its posted documents add up to.
  func tally(_ part: Conversion.Part) -> Tally {
    if let repeated = part.repeated { return repeated }
    let measures = compiled.interface.measures
    var tally = Tally(
      interface: compiled.interface.name, file: String(decoding: part.name, as: UTF8.self),
      measures: measures.map { ($0.name, $0.scale) })
    let file = part.file
    let store = file.posted.store
    if part.held == nil {
      tally.rows[.read] = Int128(file.read.rows)
      tally.documents[.read] = Int128(store.documents.count { !$0.isMissing })
      for index in measures.indices {
        tally[measure: index][.read] = file.read.sums[index]
        tally[measure: index].unreadable = file.read.unreadable[index]
      }
      tally.layoutRows = file.outcome.layoutRows
      tally.controls = file.outcome.controlTotals.compactMap { control in
        control.declared.map {
          Reconciliation.ControlTotal(column: control.column, declared: $0, summed: control.summed)
        }
      }
    }
    if part.isDeferred {
      addDeferred(store, to: &tally)
      addPosted(file.posted, to: &tally)
      return tally
    }
    let carriedByEntries = compiled.carriers.allSatisfy { $0.first?.rule != nil }
    var carried = (rows: 0, documents: 0)
    for (index, document) in store.documents.enumerated() where !document.isMissing {
      if part.held != nil {
        // What stays held was counted by the run that held it.
        guard document.verdict != .held || part.pieces != nil else { continue }
        // Of a document that was put together its pieces leave hold; it counts once, and has all their rows.
        let pieces = part.pieces?[index] ?? 1
        tally.add(.released, documents: pieces, rows: Int(document.records), sums: store.sums(index))
        tally.documents[.ignored] += Int128(pieces - 1)
      }
      // Where every posting applies and is made now, entries carry all measures, and are added themselves.
      if carriedByEntries, document.verdict == .posted, document.skipped | document.done | document.waits == 0
      {
        carried.rows += Int(document.records)
        carried.documents += 1
      } else {
        add(index, document, store, to: &tally)
      }
    }
    tally.rows[.posted] += Int128(carried.rows)
    tally.documents[.posted] += Int128(carried.documents)
    addPosted(file.posted, to: &tally)
    return tally
  }

  private func add(_ index: Int, _ document: Document, _ store: DocumentStore, to tally: inout Tally) {
    let bucket = document.verdict.bucket
    guard bucket == .posted else {
      tally.add(bucket, documents: 1, rows: Int(document.records), sums: store.sums(index))
      return
    }
    tally.rows[.posted] += Int128(document.records)
    tally.documents[.posted] += 1
    // A measure goes with the posting whose entries carry it; what entries carry is added from the entries.
    for (measure, sum) in store.sums(index).enumerated() {
      guard let carrier = carrier(of: measure, document) else {
        tally[measure: measure][.ignored] += sum
        continue
      }
      let bit = UInt32(1) << UInt32(carrier.posting)
      if document.waits & bit != 0 {
        tally[measure: measure][.pending] += sum
      } else if document.done & bit != 0 {
        tally[measure: measure][.repeated] += sum
      } else if carrier.rule == nil {
        tally[measure: measure][.posted] += sum
      }
    }
  }

  /// The first of a measure's carriers whose posting applies to the document; one that waits only where no other does.
  func carrier(of measure: Int, _ document: Document) -> Carrier? {
    let all = compiled.carriers[measure]
    return all.first { (document.skipped | document.waits) >> UInt32($0.posting) & 1 == 0 }
      ?? all.first { document.skipped >> UInt32($0.posting) & 1 == 0 }
  }

  /// What the entries of a file's posted documents carry of each measure.
  private func addPosted(_ posted: PostedFile, to tally: inout Tally) {
    let absorbed = absorbed(in: [posted])
    var sums = compiled.postings.map { [Int128](repeating: 0, count: $0.entries.count) }
    for draft in posted.drafts.drafts
    where draft.reverses == 0 && posted.store.documents[Int(draft.document)].verdict == .posted {
      let posting = Int(draft.posting)
      for rule in sums[posting].indices {
        sums[posting][rule] += Int128(posted.drafts.totals[draft.totals + rule])
      }
    }
    let twice = carriedTwice(in: [posted])
    for (measure, carriers) in compiled.carriers.enumerated() {
      for carrier in carriers {
        guard let rule = carrier.rule else { continue }
        tally[measure: measure][.posted] += sums[carrier.posting][rule]
        if compiled.postings[carrier.posting].entries[rule].absorbs {
          tally[measure: measure].absorbed += absorbed[carrier.posting] ?? 0
        }
      }
      tally[measure: measure][.posted] -= twice[measure]
    }
  }

  /// For each measure what further postings of a document carry of it, though it is counted where the first one does.
  func carriedTwice(in files: [PostedFile]) -> [Int128] {
    var sums = [Int128](repeating: 0, count: compiled.carriers.count)
    for (measure, carriers) in compiled.carriers.enumerated() where carriers.count > 1 {
      let rules = Dictionary(carriers.map { ($0.posting, $0.rule) }, uniquingKeysWith: { first, _ in first })
      for file in files {
        for draft in file.drafts.drafts {
          let document = file.store.documents[Int(draft.document)]
          guard document.verdict == .posted, draft.reverses == 0, let rule = rules[Int(draft.posting)] ?? nil,
            carrier(of: measure, document)?.posting != Int(draft.posting)
          else { continue }
          sums[measure] += Int128(file.drafts.totals[draft.totals + rule])
        }
      }
    }
    return sums
  }

  /// The tail differences that each posting's vouchers took, on the side of the rule that takes them; `nil` where none did.
  func absorbed(in files: [PostedFile]) -> [Int128?] {
    var sums = [Int128?](repeating: nil, count: compiled.postings.count)
    guard compiled.postings.contains(where: { $0.entries.contains(where: \.absorbs) }) else { return sums }
    for file in files {
      for draft in file.drafts.drafts
      where draft.absorbed != 0 && file.store.documents[Int(draft.document)].verdict == .posted {
        sums[Int(draft.posting)] = (sums[Int(draft.posting)] ?? 0) + Int128(draft.absorbed)
      }
    }
    return sums
  }
}

extension Conversion.InterfaceResult {
  /// The books of held documents whose place was taken by a newer version: they left hold, and are ignored.
  func supersededTally() -> Tally? {
    guard !past.superseded.isEmpty else { return nil }
    let measures = compiled.interface.measures
    var tally = Tally(
      interface: compiled.interface.name, file: String(decoding: past.superseded[0].fileName, as: UTF8.self),
      measures: measures.map { ($0.name, $0.scale) })
    for document in past.superseded {
      let sums = measures.sums(of: document.amounts)
      tally.add(.released, documents: 1, rows: document.places.count, sums: sums)
      tally.add(.ignored, documents: 1, rows: document.places.count, sums: sums)
    }
    return tally
  }

  /// Whether entries of two of a posting's rules can be added together, so that what was written can't be told apart.
  func mergesRules(of posting: Int) -> Bool {
    var seen: [Side: Set<Int32>] = [:]
    for rule in compiled.postings[posting].entries {
      let accounts: Set<Int32> =
        switch rule.account {
        case .fixed(let account): [account]
        case .table(_, let accounts): Set(accounts)
        }
      if !seen[rule.side, default: []].isDisjoint(with: accounts) { return true }
      seen[rule.side, default: []].formUnion(accounts)
    }
    return false
  }
}

extension Verdict {
  var bucket: Bucket {
    switch self {
    case .repeated: .repeated
    case .ignored: .ignored
    case .rejected: .rejected
    case .held: .held
    case .posted: .posted
    }
  }
}
