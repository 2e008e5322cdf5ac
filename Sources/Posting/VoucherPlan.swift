import Ledger
import Mapping

/// Which drafts become a voucher together, in the order of the vouchers. Of drafts that are all zero none comes of it.
public struct VoucherPlan: Sendable {
  /// One voucher's drafts behind another's.
  private var references: [DraftReference] = []
  /// For each voucher where its drafts end, and its posting.
  private var ends: [Int32] = []
  private var postings: [Int32] = []

  public var count: Int { ends.count }

  func drafts(ofVoucher voucher: Int) -> ArraySlice<DraftReference> {
    references[start(of: voucher)..<Int(ends[voucher])]
  }

  func posting(ofVoucher voucher: Int) -> Int { Int(postings[voucher]) }

  /// How many drafts all of them have.
  var draftCount: Int { references.count }

  private func start(of voucher: Int) -> Int { voucher == 0 ? 0 : Int(ends[voucher - 1]) }

  fileprivate mutating func append(_ drafts: ArraySlice<DraftReference>, _ posting: Int) {
    references += drafts
    ends.append(Int32(references.count))
    postings.append(Int32(posting))
  }
}

extension VoucherMaker {
  /// Only documents whose verdict is `posted` count, and those of which something is taken back.
  /// - Parameter files: in order of the run.
  public func plan(_ files: [PostedFile]) -> VoucherPlan {
    var plan = VoucherPlan()
    var merging = Merging()
    for posting in rules.indices {
      let references = references(to: posting, in: files)
      let reds = reds(of: posting, in: files)
      if reds.isEmpty, rules[posting].grouping == .document {
        for index in references.indices { plan.append(references[index...index], posting) }
        continue
      }
      let blacks =
        rules[posting].grouping == .document
        ? references.indices.map { references[$0...$0] }
        : grouped(references, posting, files).flatMap { split($0, files, &merging) }
      guard !reds.isEmpty else {
        for drafts in blacks { plan.append(drafts, posting) }
        continue
      }
      // Of one day, what is taken back comes before what is posted anew.
      for voucher in (reds + blacks).map({ (day: files[$0[$0.startIndex]].day, drafts: $0) }).enumerated()
        .sorted(by: { ($0.element.day, $0.offset) < ($1.element.day, $1.offset) })
      {
        plan.append(voucher.element.drafts, posting)
      }
    }
    return plan
  }

  /// The posting's drafts in order of date; of one date, in order of files and rows.
  private func references(to posting: Int, in files: [PostedFile]) -> [DraftReference] {
    var keyed: [(day: Int32, reference: DraftReference)] = []
    for (file, content) in files.enumerated() {
      for (index, draft) in content.drafts.drafts.enumerated()
      where draft.posting == posting && draft.reverses == 0
        && content.store.documents[Int(draft.document)].verdict == .posted
      {
        keyed.append((draft.day.number, DraftReference(file: Int32(file), draft: Int32(index))))
      }
    }
    let ascending = zip(keyed, keyed.dropFirst()).allSatisfy { $0.day <= $1.day }
    if !ascending {
      keyed.sort {
        ($0.day, $0.reference.file, $0.reference.draft) < ($1.day, $1.reference.file, $1.reference.draft)
      }
    }
    return keyed.map(\.reference)
  }

  /// The drafts that take back what is posted, those of one voucher together, in order of date, then voucher.
  private func reds(of posting: Int, in files: [PostedFile]) -> [ArraySlice<DraftReference>] {
    var groups: [Int64: [DraftReference]] = [:]
    for (file, content) in files.enumerated() {
      for (index, draft) in content.drafts.drafts.enumerated() where draft.reverses != 0 {
        guard draft.posting == posting, content.store.documents[Int(draft.document)].takesBack else {
          continue
        }
        groups[draft.reverses, default: []].append(
          DraftReference(file: Int32(file), draft: Int32(index)))
      }
    }
    return groups.sorted { (files[$0.value[0]].day, $0.key) < (files[$1.value[0]].day, $1.key) }
      .map { $0.value[...] }
  }

  /// The drafts of each group, in order of keys.
  private func grouped(
    _ references: [DraftReference], _ posting: Int, _ files: [PostedFile]
  ) -> [ArraySlice<DraftReference>] {
    let codes = groups[posting]
    let numbers = references.map { Int(files[$0].group) }
    var counts = Array(repeating: 0, count: codes.count)
    for number in numbers { counts[number] += 1 }
    // A group's key begins with its date, so the order of keys is the order of dates.
    let order = counts.indices.filter { counts[$0] > 0 }.sorted { codes.precedes(Int32($0), Int32($1)) }
    var ends = Array(repeating: 0, count: codes.count)
    var end = 0
    for number in order {
      ends[number] = end
      end += counts[number]
    }
    var members = references
    for (reference, number) in zip(references, numbers) {
      members[ends[number]] = reference
      ends[number] += 1
    }
    let groups = order.map { members[ends[$0] - counts[$0]..<ends[$0]] }
    guard rules[posting].grouping == .file else { return groups }
    // Drafts are in order of their files.
    return groups.flatMap { group in
      group.indices.filter { $0 == group.startIndex || group[$0].file != group[$0 - 1].file }.map { start in
        group[start...].prefix { $0.file == group[start].file }
      }
    }
  }

  /// A group's parts that each fit into a voucher, unless a document alone is too long.
  private func split(
    _ group: ArraySlice<DraftReference>, _ files: [PostedFile], _ merging: inout Merging
  ) -> [ArraySlice<DraftReference>] {
    guard entriesMax != nil || attachmentsMax != nil else { return [group] }
    var parts: [ArraySlice<DraftReference>] = []
    var start = group.startIndex
    var papers = 0
    merging.removeAll()
    for index in group.indices {
      papers += Int(files[group[index]].attachments)
      add(group[index...index], files, to: &merging)
      let isTooLong =
        entriesMax.map { most in
          merging.entries.count > most && merging.entries.count(where: { $0.amount != 0 }) > most
        } ?? false
      guard index > start, isTooLong || papers > attachmentsMax ?? .max else { continue }
      parts.append(group[start..<index])
      start = index
      papers = Int(files[group[index]].attachments)
      merging.removeAll()
      add(group[index...index], files, to: &merging)
    }
    return parts + [group[start...]]
  }
}
