/// What should be posted after each thing that happens, as an accountant with a pencil would keep it: it knows nothing of
/// files, runs, registers and vouchers.
struct HistoryModel {
  /// A document as the inventory system exports it.
  struct Version: Hashable {
    var no: String
    /// 3 to 5, and a day of it.
    var month: Int
    var day: Int
    /// In hundredths, as the cost.
    var amount: Int
    var cost: Int?
    /// `approved`, `draft` or `void`.
    var state = "approved"
  }

  enum Kind: CaseIterable { case revenue, cost }

  /// What is posted of one document for one posting.
  struct Posted: Hashable {
    var version: Version
    /// The month of its voucher.
    var month: Int
    /// Whether the finance system has refused its voucher.
    var isRefused = false
    /// Whether the document waits for its cost.
    var isPending = false

    func value(_ kind: Kind) -> Int { kind == .revenue ? version.amount : version.cost ?? 0 }
  }

  /// A version that is no more.
  private struct Former {
    var kinds: [Kind: Posted]
    /// Whether it is no more since its voucher was refused and voided.
    var isRefused = false
    /// Whether it may come again as it was, unless something else has come: it was not void, and no other version took its place.
    var mayReturn = false
  }

  let movesToOpen: Bool
  /// The last closed month; 0: none.
  var closed = 0
  private(set) var posted: [String: [Kind: Posted]] = [:]
  private(set) var held: [String: Version] = [:]
  /// Held ones that came in an older version since, and wait for a person; and such as are held for being old.
  private var doubted: Set<String> = []
  private var heldAsOld: Set<String> = []
  /// What each document was.
  private var former: [String: [Former]] = [:]
  /// Everything that was in vouchers of each document at a time.
  private var states: [String: Set<[Kind: Version]>] = [:]
  /// Documents that are not approved, and of which nothing is posted: their months.
  private var ignored: [String: Int] = [:]
  /// Documents whose revenue voucher was voided and not made anew: its month, or the document's where the cost is missing, too.
  private var missing: [String: Int] = [:]

  /// Documents that the night at hand has changed, and those of which it has taken something back.
  private var changedNow: Set<String> = []
  private var takenBackNow: Set<String> = []

  init(movesToOpen: Bool) { self.movesToOpen = movesToOpen }

  var sum: [Kind: Int] {
    var sum: [Kind: Int] = [:]
    for (kind, one) in posted.values.joined() { sum[kind, default: 0] += one.value(kind) }
    return sum
  }

  /// A night: exports are dropped, and what waits is tried again.
  mutating func night(_ exports: [[Version]] = []) {
    (changedNow, takenBackNow) = ([], [])
    var heldNow: Set<String> = []
    for version in exports.joined() where held[version.no] != version {
      // One that is only not approved may be approved again.
      let isLater = held[version.no].map { $0.state != "draft" && !heldAsOld.contains($0.no) } ?? false
      if isLater, isOlderThanHeld(version) {
        doubted.insert(version.no)
        continue
      }
      doubted.remove(version.no)
      if isBesideAnother(version) {
        held[version.no] = version
        ignored[version.no] = nil
        heldAsOld.remove(version.no)
        heldNow.insert(version.no)
      } else {
        held[version.no] = judge(version) ? nil : version
      }
    }
    for version in held.values where !doubted.contains(version.no) && !heldNow.contains(version.no) {
      if judge(version) { held[version.no] = nil }
    }
  }

  /// Whether an earlier export of the night has posted the document, or taken it back, so that another version has to wait: what
  /// that one gave has no voucher yet.
  private func isBesideAnother(_ version: Version) -> Bool {
    guard changedNow.contains(version.no) else { return false }
    guard version.state == "approved" else { return true }
    let (back, new, _) = compare(version)
    return !back.isEmpty || (!new.isEmpty && takenBackNow.contains(version.no))
  }

  /// Whether it is what is posted already, or was before.
  private func isOlderThanHeld(_ version: Version) -> Bool {
    guard version.state == "approved" else { return false }
    let (back, new, _) = compare(version)
    return back.isEmpty && new.isEmpty || isOld(version, back, mayReturn: false)
  }

  /// - Returns: what would be taken back and what posted of it, and whether anything of it is posted as it is.
  private func compare(_ version: Version) -> (back: Set<Kind>, new: Set<Kind>, isDone: Bool) {
    var (back, new): (Set<Kind>, Set<Kind>) = ([], [])
    var isDone = false
    for kind in Kind.allCases {
      let has = kind == .revenue || version.cost != nil
      if let old = posted[version.no]?[kind] {
        if has, Self.depends(old.version, version, kind) {
          isDone = true
          continue
        }
        back.insert(kind)
      }
      if has { new.insert(kind) }
    }
    return (back, new, isDone)
  }

  private static func depends(_ a: Version, _ b: Version, _ kind: Kind) -> Bool {
    (a.month, a.day) == (b.month, b.day) && (kind == .revenue ? a.amount == b.amount : a.cost == b.cost)
  }

  /// - Returns: false where the document has to wait.
  private mutating func judge(_ version: Version) -> Bool {
    let now = posted[version.no] ?? [:]
    heldAsOld.remove(version.no)
    guard version.state == "approved" else {
      if now.values.contains(where: \.isRefused) { return false }
      if version.state == "void" {
        former[version.no, default: []].append(Former(kinds: now))
      } else if !now.isEmpty {
        former[version.no, default: []].append(Former(kinds: now, mayReturn: true))
      }
      leave(version.no)
      if !now.isEmpty {
        changedNow.insert(version.no)
        takenBackNow.insert(version.no)
      }
      (posted[version.no], missing[version.no]) = (nil, nil)
      ignored[version.no] = version.state == "draft" ? version.month : nil
      return true
    }
    ignored[version.no] = nil
    let (back, new, isDone) = compare(version)
    if back.isEmpty, new.isEmpty { return true }
    if !back.isEmpty || !isDone, isOld(version, back) {
      heldAsOld.insert(version.no)
      return false
    }
    if back.contains(where: { now[$0]?.isRefused == true }) { return false }
    if !new.isEmpty, version.month <= closed, !movesToOpen { return false }
    changedNow.insert(version.no)
    if !back.isEmpty {
      former[version.no, default: []].append(Former(kinds: now))
      takenBackNow.insert(version.no)
    }
    leave(version.no)
    for kind in back { posted[version.no]?[kind] = nil }
    for kind in new {
      posted[version.no, default: [:]][kind] = Posted(version: version, month: max(version.month, closed + 1))
    }
    if new.contains(.revenue) { missing[version.no] = nil }
    for kind in Kind.allCases { posted[version.no]?[kind]?.isPending = version.cost == nil }
    return true
  }

  /// What is in the document's vouchers will not be in them any more.
  private mutating func leave(_ no: String) {
    if let now = posted[no], !now.isEmpty { states[no, default: []].insert(now.mapValues(\.version)) }
  }

  /// Whether somebody has dropped an old export.
  /// - Parameter back: what would be taken back.
  private func isOld(_ version: Version, _ back: Set<Kind>, mayReturn: Bool = true) -> Bool {
    func has(_ kind: Kind) -> Bool { kind == .revenue || version.cost != nil }
    let hasLost = back.contains { !has($0) }
    let asked = back.isEmpty || hasLost ? Set(Kind.allCases) : back
    func isAs(_ old: [Kind: Version]) -> Bool {
      asked.allSatisfy { kind in
        guard has(kind), let before = old[kind] else { return !has(kind) && old[kind] == nil }
        return Self.depends(before, version, kind)
      }
    }
    let all = former[version.no, default: []]
    for (place, one) in all.enumerated().reversed() {
      var old = one.kinds.mapValues(\.version)
      // A voucher that was voided was not there to be taken back, and what it had was the document's all the same.
      for refused in all[...place].reversed() where refused.isRefused {
        old.merge(refused.kinds.mapValues(\.version)) { own, _ in own }
      }
      if isAs(old) {
        return !(mayReturn && one.mayReturn && back.isEmpty && place == all.count - 1)
      }
    }
    // A cost that is gone may be that of the first export, which had none.
    return hasLost && states[version.no, default: []].contains(where: isAs)
  }

  mutating func answer(_ no: String, isRefused: Bool) { posted[no]?[.revenue]?.isRefused = isRefused }

  /// The voucher of the document's revenue counts as never posted.
  mutating func void(_ no: String) {
    let revenue = posted[no]?[.revenue]
    missing[no] = revenue?.isPending == true ? revenue?.version.month : revenue?.month
    if let now = posted[no] {
      former[no, default: []].append(Former(kinds: now, isRefused: true, mayReturn: true))
    }
    leave(no)
    posted[no]?[.revenue] = nil
    if posted[no]?.isEmpty == true { posted[no] = nil }
  }

  /// What of the months up to this one is in no voucher that the finance system has or can have.
  func waits(by month: Int) -> Set<String> {
    var waits: Set<String> = []
    for version in held.values where version.month <= month { waits.insert("held \(version.no)") }
    for (no, own) in ignored where own <= month { waits.insert("ignored \(no)") }
    for (no, own) in missing where own <= month { waits.insert("pending \(no)") }
    for (no, kinds) in posted {
      for one in kinds.values where one.version.month <= month && one.isPending && missing[no] == nil {
        waits.insert("pending \(no)")
      }
      for one in kinds.values where one.isRefused && one.month <= month { waits.insert("refused \(no)") }
    }
    return waits
  }
}
