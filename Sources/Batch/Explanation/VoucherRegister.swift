import Ledger
import Mapping
import Posting
import State

/// All vouchers that committed runs gave, from the kept entries in the archive.
package struct VoucherRegister: Sendable {
  /// A voucher (凭证) of the register.
  package struct Voucher: Codable, Sendable {
    package var id: String
    /// 凭证字 and 凭证号, where the book gives its numbers itself.
    package var type: String
    package var number: Int64?
    package var date: String
    package var interface: String
    package var run: Int
    /// How many documents have a part in it.
    package var documents: Int
    /// Of the debit side, in the book's currency.
    package var amount: String
    package var state: State
    /// 凭证号 in the finance system, where it said.
    package var financeNumber: String?
    /// Why it was refused, or voided.
    package var reason: String?
  }

  /// What has become of a voucher: one of these.
  package enum State: String, Codable, Sendable, CaseIterable {
    /// Committed, and its files not yet all in the outbox.
    case posted
    case published
    case acknowledged
    case refused
    /// All its documents are taken back by red vouchers.
    case reversed
    case void
  }

  /// Numbers that follow one another: voucher IDs with one beginning, or the own numbers of a book, period and type.
  package struct Series: Codable, Sendable {
    /// `A-XS-R-`, or `A/2026-03/记`.
    package var name: String
    package var first: Int64
    package var last: Int64
    package var firstDate: String
    package var lastDate: String
    package var vouchers: Int
  }

  /// What should not be.
  package enum Irregularity: Sendable, Hashable {
    /// A series lacks these numbers.
    case gap(series: String, first: Int64, last: Int64)
    case double(series: String, number: Int64)
    /// A number has an earlier date than the one before it.
    case dateOrder(series: String, number: Int64)
    /// The counter of the series is elsewhere than its last number.
    case counter(series: String, counter: Int64, last: Int64)
    /// The run's kept entries are gone, or not what the run wrote.
    case unreadable(run: Int)
  }

  package private(set) var series: [Series] = []
  package private(set) var irregularities: [Irregularity] = []
  /// How many vouchers are in each state.
  package private(set) var states: [State: Int] = [:]
  private var numbers: [String: [(number: Int64, date: Int32)]] = [:]

  /// - Parameter voucher: is told of each, in order of runs.
  package init(_ workspace: Workspace, voucher: (Voucher) -> Void = { _ in }) throws(WorldError) {
    try Pipeline.typed(workspace) {
      guard let state = try workspace.readState() else { return }
      defer { try? state.close() }
      let entries = ArchivedEntries(workspace: workspace)
      let outside = Outside(
        standings: Dictionary(uniqueKeysWithValues: try state.standings().map { ($0.voucher, $0) }),
        reversed: try state.reversals().reduce(into: [:]) { $0[$1.voucher, default: 0] += 1 })
      for run in try state.lastRuns(.max).reversed() where run.phase != .planned {
        guard try state.publications(of: run.number).contains(where: { $0.kind == .entries }) else {
          continue
        }
        guard let blocks = try entries.blocks(run.number, nil, state) else {
          irregularities.append(.unreadable(run: run.number))
          continue
        }
        for block in blocks { add(block.documents, block.interface, run, outside, voucher) }
      }
      try judge(try state.counters())
    }
  }

  /// What is known of vouchers beside their entries.
  private struct Outside {
    var standings: [String: VoucherStanding]
    /// How many documents of each voucher are taken back.
    var reversed: [String: Int]

    func state(of id: String, documents: Int, _ run: RunRecord) -> State {
      switch standings[id]?.standing {
      case .void: .void
      case .refused: .refused
      case .acknowledged where reversed[id] != documents: .acknowledged
      case nil where reversed[id] != documents: run.phase == .done ? .published : .posted
      case .acknowledged, nil: .reversed
      }
    }
  }

  /// - Parameter documents: of one interface and book; those of one voucher stand together.
  private mutating func add(
    _ documents: [KeptEntries.DocumentEntries], _ interface: String, _ run: RunRecord, _ outside: Outside,
    _ tell: (Voucher) -> Void
  ) {
    var at = 0
    while at < documents.count {
      let head = documents[at]
      var amount: Int128 = 0
      var end = at
      while end < documents.count, documents[end].voucher == head.voucher {
        for entry in documents[end].entries where entry.side == .debit { amount += Int128(entry.amount) }
        end += 1
      }
      defer { at = end }
      guard let name = VoucherName(head.voucher) else { continue }
      numbers[name.prefix, default: []].append((name.number, head.date.number))
      if head.ownNumber != 0 {
        let own = NumberSeries(
          book: String(name.prefix.prefix { $0 != "-" }), period: head.date.period, type: head.type)
        numbers[own.counter, default: []].append((head.ownNumber, head.date.number))
      }
      let state = outside.state(of: head.voucher, documents: end - at, run)
      states[state, default: 0] += 1
      let standing = outside.standings[head.voucher]
      tell(
        Voucher(
          id: head.voucher, type: head.type, number: head.ownNumber == 0 ? nil : head.ownNumber,
          date: head.date.description, interface: interface, run: run.number, documents: end - at,
          amount: Decimal(units: amount, scale: Entry.amountScale).description, state: state,
          financeNumber: standing?.financeNumber, reason: standing?.reason))
    }
  }

  private mutating func judge(_ counters: [String: Int64]) throws {
    for name in counters.keys.sorted() where numbers[name] == nil {
      // Of a series that lies wholly in runs whose entries are gone.
      guard !name.hasSuffix("-\(rejectCode)-"), !name.hasSuffix("/date"), let last = counters[name] else {
        continue
      }
      irregularities.append(.gap(series: name, first: 1, last: last))
    }
    for (name, given) in numbers.sorted(by: { $0.key < $1.key }) {
      let isOwn = name.contains("/")
      let given = given.sorted { $0.number < $1.number }
      var last: (number: Int64, date: Int32) = (0, .min)
      for one in given {
        if one.number == last.number { irregularities.append(.double(series: name, number: one.number)) }
        if one.number > last.number + 1 {
          irregularities.append(.gap(series: name, first: last.number + 1, last: one.number - 1))
        }
        if isOwn, one.date < last.date {
          irregularities.append(.dateOrder(series: name, number: one.number))
        }
        last = one
      }
      let counter = counters[name, default: 0]
      if counter != last.number {
        irregularities.append(.counter(series: name, counter: counter, last: last.number))
      }
      let dates = given.map(\.date)
      series.append(
        Series(
          name: name, first: given[0].number, last: last.number,
          firstDate: Day(number: dates.min() ?? 0).description,
          lastDate: Day(number: dates.max() ?? 0).description, vouchers: given.count))
    }
  }
}
