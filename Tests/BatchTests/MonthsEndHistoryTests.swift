import Foundation
import State
import Testing

@testable import Batch

/// Random histories in which the cost is made when the month is over, or somebody wants it, and the mapping begins and ceases
/// to say so: what is posted of each document is what the last version asks for that is not held, once, and what is held
/// changes nothing.
///
/// Which versions are held the program itself says: that is the other histories' question. `TALLYMAN_HISTORIES` says how many.
@Suite struct MonthsEndHistoryTests {
  private static let seeds: Range<UInt64> = {
    let environment = ProcessInfo.processInfo.environment
    if let seed = environment["TALLYMAN_HISTORY"].flatMap({ UInt64($0) }) { return seed..<seed + 1 }
    return 1..<(environment["TALLYMAN_HISTORIES"].flatMap { UInt64($0) } ?? 50) + 1
  }()

  @Test(arguments: stride(from: seeds.lowerBound, to: seeds.upperBound, by: 10).map { $0 })
  func eachDocumentIsPostedAsItsLastVersion(_ first: UInt64) throws {
    for seed in first..<min(first + 10, Self.seeds.upperBound) {
      var history = try MonthsEndHistory(seed: seed)
      for step in 1...12 { try history.step(step) }
      try history.finish()
    }
  }
}

private struct MonthsEndHistory {
  typealias Version = HistoryModel.Version

  /// What is posted of a document.
  private struct Standing {
    var revenue = 0
    var cost = 0
    /// Less where nobody can tell which of two versions counts.
    var leastCost = 0
    /// Whether the cost may still wait for the end of its month.
    var mayWait = false

    init() {}

    init(_ version: Version, mayWait: Bool) {
      guard version.state == "approved" else { return }
      (revenue, cost) = (version.amount, version.cost ?? 0)
      leastCost = cost
      self.mayWait = mayWait && cost != 0
    }

    func or(_ other: Standing) -> Standing {
      var either = self
      (either.cost, either.leastCost) = (max(cost, other.cost), min(leastCost, other.leastCost))
      either.mayWait = mayWait || other.mayWait
      return either
    }
  }

  let seed: UInt64
  private let bench: Bench
  private var random: SplitMix
  private var inventory: [String: Version] = [:]
  private var exports: [[Version]] = []
  private var standing: [String: Standing] = [:]
  /// The versions that came while the document was held.
  private var candidates: [String: [Version]] = [:]
  private var gathers = true
  private var hasGathered = true
  private var (day, amount) = (0, 10000)
  private var told = ""

  init(seed: UInt64) throws {
    self.seed = seed
    random = SplitMix(seed: seed)
    bench = try CorrectionTests.bench()
    try bench.write("mappings/answer.yaml", AnswerTests.table)
    gathers = false
    try changeMapping()
    if Bool.random(using: &random) { try changeMapping() }
    hasGathered = gathers
  }

  private mutating func changeMapping() throws {
    gathers.toggle()
    hasGathered = hasGathered || gathers
    told += gathers ? "gather\n" : "gather no more\n"
    let (old, new) = ("    code: C\n", "    code: C\n    gather: month\n")
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml", gathers ? mapping.replacing(old, with: new) : mapping.replacing(new, with: old))
  }

  mutating func step(_ step: Int) throws {
    day += Int.random(in: 0...15, using: &random)
    switch step == 1 ? 0 : Int.random(in: 0..<14, using: &random) {
    case 0..<6: try export(step)
    case 6: try drop(exports.randomElement(using: &random) ?? [], step)
    case 7, 8: try answer(step)
    case 9, 10: try voidOne()
    case 11: try changeMapping()
    case 12: try gather()
    default: try drop([], step)
    }
  }

  mutating func finish() throws {
    day = max(day, 100)
    // What is new to all takes the place of whatever is held.
    for no in inventory.keys.sorted() { inventory[no] = fresh(no) }
    try drop(inventory.values.sorted { $0.no < $1.no }, 99)
    let refused = Set(try bench.revenueVouchers().filter { $0.state == "refused" }.map(\.no))
    check(try held().isSubset(of: refused), "held: \(try held()), refused: \(refused)")
    day += 40
    try drop([], 100)
    let waiting = try bench.state { try $0.deferredSummary().reduce(0) { $0 + $1.count } }
    check(waiting == 0, "\(waiting) wait for a month's end")
    check(try bench.verify().findings.isEmpty, "verify")
  }

  private func check(_ condition: Bool, _ what: String) {
    #expect(condition, "seed \(seed): \(what)\n\(told)")
  }

  private mutating func fresh(_ no: String) -> Version {
    amount += 100
    return Version(
      no: no, month: Int.random(in: 3...6, using: &random), day: Int.random(in: 1...3, using: &random),
      amount: amount, cost: amount / 2)
  }

  private mutating func export(_ step: Int) throws {
    for no in ["S1", "S2", "S3"].shuffled(using: &random).prefix(2) {
      var version = inventory[no] ?? fresh(no)
      let new = fresh(no)
      switch Int.random(in: 0..<9, using: &random) {
      case 0: version.amount = new.amount
      case 1: version.cost = new.cost
      case 2: version.cost = nil
      case 3: version.state = "void"
      case 4: version.state = "draft"
      case 5: (version.month, version.day) = (new.month, new.day)
      case 6, 7: version.state = "approved"
      default: break
      }
      inventory[no] = version
    }
    let count = Int.random(in: 1...3, using: &random)
    let versions = inventory.values.sorted { $0.no < $1.no }.shuffled(using: &random).prefix(count)
    guard Int.random(in: 0..<4, using: &random) == 0, var later = versions.first else {
      return try drop(Array(versions), step)
    }
    // Two versions of a document in one night.
    let new = fresh(later.no)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: later.amount = new.amount
    case 1: later.state = "void"
    default: (later.cost, later.state) = (new.cost, "approved")
    }
    inventory[later.no] = later
    try drop(Array(versions), later: [later], step)
  }

  private func held() throws -> Set<String> {
    Set(try bench.state { try $0.heldDocuments(of: "sales") }.map { String(decoding: $0.key, as: UTF8.self) })
  }

  private var clock: String {
    let dates = [31, 30, 31, 30, 31, 31, 30, 31]
    var (month, rest) = (3, day)
    while rest >= dates[month - 3] { (month, rest) = (month + 1, rest - dates[month - 3]) }
    return String(format: "2026-%02d-%02dT06:00:00+08:00", month, rest + 1)
  }

  /// - Parameter later: of documents that are among the others, too, in another file of the night.
  private mutating func run(
    _ versions: [Version], later: [Version] = [], _ body: (Bench) throws -> Void
  ) throws {
    let isFirst = !bench.exists("outbox")
    let before = isFirst ? [] : try held()
    try body(bench)
    if !isFirst, Int.random(in: 0..<4, using: &random) == 0 {
      told += "(killed before the commit)\n"
      do { _ = try bench.run(clock: clock, stop: { true }) } catch WorldError.interrupted {}
    }
    _ = try bench.run(clock: clock)
    let now = try held()
    for version in versions {
      if let later = later.first(where: { $0.no == version.no }) {
        try settle(version, later, isHeld: now.contains(version.no))
      } else if now.contains(version.no) {
        candidates[version.no, default: []].append(version)
      } else {
        standing[version.no] = Standing(version, mayWait: hasGathered)
      }
    }
    for no in before.subtracting(now) where !versions.contains(where: { $0.no == no }) {
      let revenue = try self.revenue(of: no)
      let own = candidates[no, default: []].map { Standing($0, mayWait: hasGathered) }
        .last { $0.revenue == revenue }
      check(own != nil, "\(no) left hold with \(revenue)")
      standing[no] = own
    }
    for no in before.subtracting(now) { candidates[no] = nil }
    try compare()
  }

  /// Of two versions of a night the second counts, or is held; then the first counts, or what was before.
  private mutating func settle(_ version: Version, _ later: Version, isHeld: Bool) throws {
    guard isHeld else {
      standing[version.no] = Standing(later, mayWait: hasGathered)
      return
    }
    candidates[version.no, default: []] += [version, later]
    let revenue = try revenue(of: version.no)
    let first = Standing(version, mayWait: hasGathered)
    let either = [standing[version.no] ?? Standing(), first].filter { $0.revenue == revenue }
    check(!either.isEmpty, "\(version.no) has \(revenue)")
    standing[version.no] = either.dropFirst().reduce(either.first) { $0?.or($1) }
  }

  private mutating func drop(_ versions: [Version], later: [Version] = [], _ step: Int) throws {
    for (place, file) in [versions, later].enumerated() where !file.isEmpty {
      exports.append(file)
      told += "\(clock) \(place == 0 ? "drop" : "and") "
      told +=
        "\(file.map { "\($0.no) \($0.month)/\($0.day) \($0.amount) \($0.cost.map(String.init) ?? "-") \($0.state)" })\n"
    }
    try run(versions, later: later) {
      for (place, file) in [versions, later].enumerated() where !file.isEmpty {
        try $0.drop("sales-\(step)-\(place).csv", Sale.file(file.map(\.sale)))
      }
    }
  }

  private mutating func answer(_ step: Int) throws {
    let open = try bench.revenueVouchers().filter { ["published", "refused"].contains($0.state) }
    guard let one = open.randomElement(using: &random) else { return }
    let isRefused = Bool.random(using: &random)
    told += "\(one.id) of \(one.no) is \(isRefused ? "refused" : "taken")\n"
    let line = "\(one.id),\(isRefused ? "" : "7"),\(isRefused ? "failed,no" : "ok,")\n"
    try run([]) { try $0.drop("answer-\(step).csv", "id,number,result,reason\n" + line) }
  }

  private mutating func voidOne() throws {
    guard let one = try bench.revenueVouchers().first(where: { $0.state == "refused" }) else { return }
    told += "\(clock) void \(one.id) of \(one.no)\n"
    let clock = try #require(RunClock(fixed: clock))
    standing[one.no]?.revenue = 0
    try run([]) { bench in
      _ = try bench.unlocked {
        try Pipeline(bench.workspace, clock: clock).void(VoucherVoiding(one.id, by: "anna", reason: "wrong"))
      }
    }
  }

  private mutating func gather() throws {
    let month = "2026-0\(Int.random(in: 3...6, using: &random))"
    told += "\(clock) gather \(month)\n"
    let (gathering, clock) = (MonthGathering(month, by: "anna"), RunClock(fixed: clock))
    guard let gathering, let clock, bench.exists("outbox") else { return }
    try run([]) { bench in
      _ = try bench.unlocked { try Pipeline(bench.workspace, clock: clock).gather(gathering) }
    }
  }

  // MARK: - What came of it

  private func lines() throws -> [VoucherLine] {
    let states = try bench.voucherStates()
    return try bench.vouchers().filter { states[$0.id] != "void" }
  }

  private func revenue(of no: String) throws -> Int {
    try lines().filter { $0.source == no && $0.account == "1122" }.reduce(0) { $0 + $1.debit - $1.credit }
  }

  private func compare() throws {
    for (no, own) in standing {
      let revenue = try revenue(of: no)
      check(revenue == own.revenue, "\(no) has \(revenue), not \(own.revenue)")
    }
    let cost = try lines().filter { $0.account == "5401" }.reduce(0) { $0 + $1.debit - $1.credit }
    let most = standing.values.reduce(0) { $0 + $1.cost }
    let least =
      day > 130
      ? standing.values.reduce(0) { $0 + $1.leastCost }
      : standing.values.reduce(0) { $0 + ($1.mayWait ? 0 : $1.leastCost) }
    check((least...max(most, least)).contains(cost), "costs are \(cost), not \(least) to \(most)")
  }
}

extension Bench {
  func voucherStates() throws -> [String: String] {
    var states: [String: String] = [:]
    _ = try VoucherRegister(workspace) { states[$0.id] = $0.state.rawValue }
    return states
  }

  /// For each document the voucher that has its revenue now.
  func revenueVouchers() throws -> [(no: String, id: String, state: String)] {
    let states = try voucherStates()
    var last: [String: String] = [:]
    for line in try vouchers() where line.id.contains("-R-") && line.account == "1122" && line.debit > 0 {
      let isGone = ["reversed", "void"].contains(states[line.id] ?? "")
      if !isGone, line.id > last[line.source] ?? "" { last[line.source] = line.id }
    }
    return last.sorted { $0.key < $1.key }.map { ($0.key, $0.value, states[$0.value] ?? "") }
  }
}
