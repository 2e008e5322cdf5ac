import Foundation
import State
import Testing

@testable import Batch

/// Random histories of a few documents, with everything that can happen to them after they were posted, against a model
/// that knows nothing of files, runs, registers and vouchers.
///
/// `make torture` plays 10,000 of them (`TALLYMAN_HISTORIES`); a failure names its seed, and `TALLYMAN_HISTORY` plays that one alone.
@Suite struct HistoryTests {
  private static let seeds: Range<UInt64> = {
    let environment = ProcessInfo.processInfo.environment
    if let seed = environment["TALLYMAN_HISTORY"].flatMap({ UInt64($0) }) { return seed..<seed + 1 }
    return 1..<(environment["TALLYMAN_HISTORIES"].flatMap { UInt64($0) } ?? 200) + 1
  }()

  @Test(arguments: stride(from: seeds.lowerBound, to: seeds.upperBound, by: 10).map { $0 })
  func historiesAreAsTheModelHasThem(_ first: UInt64) throws {
    for seed in first..<min(first + 10, Self.seeds.upperBound) {
      var history = try History(seed: seed)
      for step in 1...10 { try history.step(step) }
      try history.finish()
    }
  }
}

/// One history as it is played.
private struct History {
  let seed: UInt64
  let bench: Bench
  private var random: SplitMix
  private var model: HistoryModel
  /// The inventory system's documents as they are now, and all exports so far.
  private var inventory: [String: HistoryModel.Version] = [:]
  private var exports: [[HistoryModel.Version]] = []
  private var clock = 0
  private var told = ""

  init(seed: UInt64) throws {
    self.seed = seed
    random = SplitMix(seed: seed)
    model = HistoryModel(movesToOpen: Bool.random(using: &random))
    bench = try CorrectionTests.bench()
    let policy = model.movesToOpen ? "next_open" : "hold"
    try bench.write(
      "mappings/books/main.yaml",
      try bench.read("mappings/books/main.yaml").replacing(
        "closed_period: hold", with: "closed_period: \(policy)"
      )
      .replacing("number: finance", with: "number: own"))
    try bench.write("mappings/answer.yaml", AnswerTests.table)
  }

  mutating func step(_ step: Int) throws {
    let closedBefore = try closedVouchers()
    let closed = model.closed
    switch step == 1 ? 0 : Int.random(in: 0..<14, using: &random) {
    case 0..<7: try exportSome(step)
    case 7: try restoreOldFile(step)
    case 8, 9: try answer(step)
    case 10, 11: try closeOrOpen()
    default: try voidOne()
    }
    if model.closed >= closed {
      let now = try closedVouchers(through: closed)
      check(now == closedBefore, "a closed period changed")
    }
    try compare()
  }

  mutating func finish() throws { check(try bench.verify().findings.isEmpty, "verify") }

  private func check(_ condition: Bool, _ what: String) {
    #expect(condition, "seed \(seed): \(what)\n\(told)")
  }

  // MARK: - What happens

  private mutating func exportSome(_ step: Int) throws {
    var files = [exported()]
    // Two of one night are read by one run, in order of their names.
    if Int.random(in: 0..<4, using: &random) == 0 { files.append(exported()) }
    try drop(files, step)
  }

  private mutating func exported() -> [HistoryModel.Version] {
    for no in ["S1", "S2", "S3", "S4", "S5"].shuffled(using: &random).prefix(3) {
      var version =
        inventory[no]
        ?? HistoryModel.Version(
          no: no, month: Int.random(in: 3...5, using: &random), day: Int.random(in: 1...3, using: &random),
          amount: 10000, cost: Bool.random(using: &random) ? 5000 : nil)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: version.amount = [10000, 20000, 30000].randomElement(using: &random) ?? 0
      case 1: version.cost = [nil, 5000, 6000].randomElement(using: &random) ?? nil
      case 2: version.state = "void"
      case 3: version.state = "draft"
      case 4: version.month = Int.random(in: 3...5, using: &random)
      case 5, 6: version.state = "approved"
      default: break
      }
      inventory[no] = version
    }
    return inventory.values.sorted { $0.no < $1.no }.shuffled(using: &random).prefix(
      Int.random(in: 1...4, using: &random)
    ).map { $0 }
  }

  private mutating func restoreOldFile(_ step: Int) throws {
    guard let old = exports.randomElement(using: &random) else { return try exportSome(step) }
    try drop([old], step)
  }

  private mutating func drop(_ files: [[HistoryModel.Version]], _ step: Int) throws {
    exports += files
    for (place, versions) in files.enumerated() {
      told +=
        "\(place == 0 ? "drop" : " and") \(versions.map { "\($0.no) \($0.month)/\($0.day) \($0.amount) \($0.cost.map(String.init) ?? "-") \($0.state)" })\n"
      try bench.drop("sales-\(step)-\(place).csv", Sale.file(versions.map(\.sale)))
    }
    let isDisturbed = try run()
    model.night(files)
    // Behind what was disturbed a run of its own tries again what waits.
    if isDisturbed { model.night() }
  }

  /// A run that is disturbed now and then: before its commit, or behind it.
  @discardableResult
  private mutating func run() throws -> Bool {
    let disturbance = Int.random(in: bench.exists("outbox") ? 0..<4 : 2..<4, using: &random)
    switch disturbance {
    case 0:
      told += "(killed before the commit)\n"
      clock += 1
      do { _ = try bench.run(clock: now, stop: { true }) } catch WorldError.interrupted {}
    case 1:
      told += "(something is in the way of what is published)\n"
      let next = (try RunEntry.last(1, of: bench.workspace).first?.run ?? 0) + 1
      let name = "outbox/reconciliation_\(String(format: "%06d", next)).txt"
      try bench.write(name, "in the way")
      clock += 1
      _ = try bench.run(clock: now)
      try bench.remove(name)
    default: break
    }
    clock += 1
    _ = try bench.run(clock: now)
    return disturbance < 2
  }

  private var now: String {
    "2026-06-\(clock / 24 + 1 < 10 ? "0" : "")\(clock / 24 + 1)T\(clock % 24 < 10 ? "0" : "")\(clock % 24):00:00+08:00"
  }

  /// The finance system answers to some of the vouchers that stand for a document's revenue now.
  private mutating func answer(_ step: Int) throws {
    var answers: [(no: String, id: String, isRefused: Bool)] = []
    for (no, id, state) in try bench.revenueVouchers() where ["published", "refused"].contains(state) {
      if Bool.random(using: &random) { answers.append((no, id, Bool.random(using: &random))) }
    }
    guard !answers.isEmpty else { return }
    told += "answers \(answers)\n"
    let lines = answers.map { "\($0.id),\($0.isRefused ? "" : "7"),\($0.isRefused ? "failed,no" : "ok,")\n" }
    try bench.drop("answer-\(step).csv", "id,number,result,reason\n" + lines.joined())
    try run()
    for answer in answers { model.answer(answer.no, isRefused: answer.isRefused) }
    model.night()
  }

  private mutating func closeOrOpen() throws {
    let month = Int.random(in: 3...5, using: &random)
    if model.closed == month {
      told += "open \(month)\n"
      try change(.open, month)
      model.closed = month == 3 ? 0 : month - 1
    } else if month > model.closed {
      told += "close \(month)\n"
      let waits = model.waits(by: month)
      guard case .refused(.waiting(let list)) = try change(.close(force: nil), month) else {
        check(waits.isEmpty, "closed over \(waits)")
        model.closed = month
        return model.night()
      }
      check(
        Set(try list.map { try name($0) }) == waits,
        "\(try list.map { try name($0) }) keep it open, not \(waits)")
      try change(.close(force: "because"), month)
      model.closed = month
    } else {
      return
    }
    model.night()
  }

  private func name(_ waiting: PeriodWaiting) throws -> String {
    let document = waiting.kind == .refused ? try source(of: waiting.document) : waiting.document
    return "\(waiting.kind.rawValue) \(document)"
  }

  @discardableResult
  private mutating func change(_ action: PeriodChange.Action, _ month: Int) throws -> Decided<
    PeriodChange.Refusal
  > {
    clock += 1
    let change = try #require(PeriodChange(action, "2026-0\(month)", book: nil, by: "anna"))
    let clock = try #require(RunClock(fixed: now))
    return try bench.unlocked { try Pipeline(bench.workspace, clock: clock).change(change) }
  }

  private mutating func voidOne() throws {
    guard let (no, id, _) = try bench.revenueVouchers().first(where: { $0.state == "refused" }) else {
      return
    }
    clock += 1
    let clock = try #require(RunClock(fixed: now))
    let voiding = VoucherVoiding(id, by: "anna", reason: "wrong")
    let outcome = try bench.unlocked { try Pipeline(bench.workspace, clock: clock).void(voiding) }
    told += "void \(id) of \(no): \(outcome)\n"
    guard case .done = outcome else { return }
    model.void(no)
    model.night()
    try run()
    model.night()
    if Bool.random(using: &random) { try closeOrOpen() }
  }

  // MARK: - What came of it

  private func lines() throws -> [VoucherLine] { try bench.vouchers() }

  private func source(of id: String) throws -> String { try lines().first { $0.id == id }?.source ?? "" }

  private func closedVouchers(through month: Int? = nil) throws -> [String] {
    let last = month ?? model.closed
    return try lines().filter { (Int($0.date.dropFirst(5).prefix(2)) ?? 0) <= last }.map { "\($0)" }.sorted()
  }

  private func compare() throws {
    let states = try bench.voucherStates()
    var sums: [String: Int] = [:]
    for line in try lines() where states[line.id] != "void" {
      sums[line.account, default: 0] += line.debit - line.credit
    }
    check(
      sums["1122", default: 0] == model.sum[.revenue, default: 0], "receivables \(sums), not \(model.sum)")
    check(sums["5401", default: 0] == model.sum[.cost, default: 0], "costs \(sums), not \(model.sum)")
    check(sums.values.reduce(0, +) == 0, "the books do not balance")
    let held = try bench.state { try $0.heldDocuments(of: "sales") }.map {
      String(decoding: $0.key, as: UTF8.self)
    }
    check(Set(held) == Set(model.held.keys), "held \(held), not \(model.held.keys)")
    check(try VoucherRegister(bench.workspace).irregularities.isEmpty, "numbers")
  }
}

extension HistoryModel.Version {
  var sale: Sale {
    Sale(
      no: no, day: "2026-0\(month)-0\(day)", state: state,
      rows: [Sale.Row(amount: amount, tax: amount / 10, cost: cost)])
  }
}
