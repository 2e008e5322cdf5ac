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

  let movesToOpen: Bool
  /// The last closed month; 0: none.
  var closed = 0
  private(set) var posted: [String: [Kind: Posted]] = [:]
  private(set) var held: [String: Version] = [:]
  /// What was taken back of each document, but where it was only not approved for a while.
  private var former: [String: [[Kind: Posted]]] = [:]
  /// Documents that are not approved, and of which nothing is posted: their months.
  private var ignored: [String: Int] = [:]
  /// Documents whose revenue voucher was voided and not made anew: its month.
  private var missing: [String: Int] = [:]

  init(movesToOpen: Bool) { self.movesToOpen = movesToOpen }

  var sum: [Kind: Int] {
    var sum: [Kind: Int] = [:]
    for (kind, one) in posted.values.joined() { sum[kind, default: 0] += one.value(kind) }
    return sum
  }

  /// A night: an export is dropped, and what waits is tried again.
  mutating func night(_ export: [Version]) {
    for version in export where held[version.no] != version {
      held[version.no] = judge(version) ? nil : version
    }
    for version in held.values where judge(version) { held[version.no] = nil }
  }

  private static func depends(_ a: Version, _ b: Version, _ kind: Kind) -> Bool {
    (a.month, a.day) == (b.month, b.day) && (kind == .revenue ? a.amount == b.amount : a.cost == b.cost)
  }

  /// - Returns: false where the document has to wait.
  private mutating func judge(_ version: Version) -> Bool {
    let now = posted[version.no] ?? [:]
    guard version.state == "approved" else {
      if now.values.contains(where: \.isRefused) { return false }
      if version.state == "void", !now.isEmpty { former[version.no, default: []].append(now) }
      (posted[version.no], missing[version.no]) = (nil, nil)
      ignored[version.no] = version.state == "draft" ? version.month : nil
      return true
    }
    ignored[version.no] = nil
    var (back, new): (Set<Kind>, Set<Kind>) = ([], [])
    var isDone = false
    for kind in Kind.allCases {
      let has = kind == .revenue || version.cost != nil
      if let old = now[kind] {
        if has, Self.depends(old.version, version, kind) {
          isDone = true
          continue
        }
        back.insert(kind)
      }
      if has { new.insert(kind) }
    }
    if back.isEmpty, new.isEmpty { return true }
    if !back.isEmpty || !isDone {
      let asked = back.isEmpty ? Set(Kind.allCases) : back
      let isOld = former[version.no, default: []].contains { old in
        asked.allSatisfy { kind in
          let has = kind == .revenue || version.cost != nil
          guard has, let before = old[kind] else { return !has && old[kind] == nil }
          return Self.depends(before.version, version, kind)
        }
      }
      if isOld { return false }
    }
    if back.contains(where: { now[$0]?.isRefused == true }) { return false }
    if !new.isEmpty, version.month <= closed, !movesToOpen { return false }
    if !back.isEmpty { former[version.no, default: []].append(now) }
    for kind in back { posted[version.no]?[kind] = nil }
    for kind in new {
      posted[version.no, default: [:]][kind] = Posted(version: version, month: max(version.month, closed + 1))
    }
    if new.contains(.revenue) { missing[version.no] = nil }
    for kind in Kind.allCases { posted[version.no]?[kind]?.isPending = version.cost == nil }
    return true
  }

  mutating func answer(_ no: String, isRefused: Bool) { posted[no]?[.revenue]?.isRefused = isRefused }

  /// The voucher of the document's revenue counts as never posted.
  mutating func void(_ no: String) {
    missing[no] = posted[no]?[.revenue]?.month
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
