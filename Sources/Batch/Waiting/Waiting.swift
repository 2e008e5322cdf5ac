import Findings
import Ledger
import Mapping
import Reconciliation
import State

/// What waits for a person, grouped by cause: for the log, and for `tallyman holds` and `tallyman rejects`.
struct Waiting {
  let language: Language
  /// The day from which ages are counted, as ISO 8601 begins with it.
  let today: String
  /// The measures of each interface.
  let measures: [String: [Measure]]
  /// A posting's name, by its code and interface.
  let posting: (String, String) -> String
  /// Clocks of the runs that held or rejected something.
  let clock: (Int) throws -> String

  /// - Parameter language: of the causes.
  init(
    _ definitions: CompiledDefinitions, in language: Language, now: String,
    clock: @escaping (Int) throws -> String
  ) {
    self.language = language
    today = now
    measures = Dictionary(
      definitions.interfaces.map { ($0.interface.name, $0.interface.measures) },
      uniquingKeysWith: { first, _ in first })
    posting = { definitions.posting($0, of: $1) }
    self.clock = clock
  }

  /// One group for each interface and cause. A document that waits for several causes is in the group of each.
  func groups(held documents: [HeldDocument]) throws -> [WaitingGroup] {
    var groups: [String: WaitingGroup] = [:]
    for document in documents {
      for cause in document.causes where cause != document.acceptance {
        let id = ([document.interface, cause.code] + cause.arguments).joined(separator: "\u{1F}")
        var group =
          try groups[id]
          ?? begin(
            .held, document.interface, cause.code, cause.arguments, document.sinceRun, document.key,
            document.fileName)
        group.documents += 1
        group.rows += document.places.count
        try add(document.amounts, document.sinceRun, document.interface, to: &group)
        groups[id] = group
      }
    }
    return sorted(groups.values)
  }

  /// One group for each interface, code and column.
  func groups(rejected rejects: [Reject]) throws -> [WaitingGroup] {
    var groups: [WaitingGroup] = []
    var places: [[String]: Int] = [:]
    for reject in rejects {
      let id = [reject.interface, reject.cause.code, reject.cause.field]
      let place = places[id] ?? groups.count
      if place == groups.count {
        places[id] = place
        groups.append(
          try begin(
            .rejected, reject.interface, reject.cause.code, reject.cause.arguments, reject.sinceRun,
            reject.key, Array(reject.rejectFile.utf8)))
      }
      groups[place].documents += 1
      groups[place].rows += reject.rows
      try add(reject.amounts, reject.sinceRun, reject.interface, to: &groups[place])
    }
    return sorted(groups)
  }

  /// One group for each interface, posting and what it waits for.
  func groups(pending: [Unposted], deferred: [DeferredDocument]) throws -> [WaitingGroup] {
    var groups: [String: WaitingGroup] = [:]
    func add(
      _ interface: String, _ cause: String, _ key: [UInt8], _ file: [UInt8], _ run: Int, _ amounts: String
    ) throws {
      let id = interface + "\u{1F}" + cause
      var group =
        try groups[id]
        ?? begin(.pending, interface, cause, [], run, key, file)
      group.documents += 1
      try self.add(amounts, run, interface, to: &group)
      groups[id] = group
    }
    for document in pending {
      for cause in document.causes {
        let name = posting(cause.code, document.interface)
        let fields = cause.arguments.joined(separator: ", ")
        let wording = fields.isEmpty ? PendingWording.voided : PendingWording.value
        try add(
          document.interface, wording.text(in: language, [name, fields]), document.key,
          document.fileName, document.sinceRun, document.amounts)
      }
    }
    for waiting in deferred {
      let (document, month) = (waiting.document, Day(number: Int32(waiting.monthEnd)).period.description)
      for cause in document.causes {
        let name = posting(cause.code, document.interface)
        try add(
          document.interface, PendingWording.monthEnd.text(in: language, [name, month]), document.key,
          document.fileName, document.sinceRun, document.amounts)
      }
    }
    return sorted(groups.values)
  }

  private func begin(
    _ bucket: Bucket, _ interface: String, _ code: String, _ arguments: [String], _ run: Int, _ key: [UInt8],
    _ file: [UInt8]
  ) throws -> WaitingGroup {
    let missing = HeldCause(code: code, arguments: arguments).missing
    let cause = Finding.message(ofCode: code, arguments, in: language)
    let since = try clock(run)
    return WaitingGroup(
      bucket: bucket, interface: interface, code: code, missing: missing, cause: cause,
      measure: measures[interface]?.first?.name, sinceRun: run, since: String(since.prefix(10)),
      days: age(since),
      example: DocumentStore.text(ofKey: key), file: String(decoding: file, as: UTF8.self))
  }

  private func add(_ amounts: String, _ run: Int, _ interface: String, to group: inout WaitingGroup) throws {
    if run < group.sinceRun {
      let since = try clock(run)
      (group.sinceRun, group.since, group.days) = (run, String(since.prefix(10)), age(since))
    }
    guard let all = measures[interface], !all.isEmpty else { return }
    func amount(_ measure: Measure) -> Ledger.Decimal? {
      let text = Amounts.text(of: measure.name, in: amounts) ?? "0"
      guard case .number(let units, let scale, _) = NumberText(text) else { return nil }
      return Decimal(units: units, scale: scale)
    }
    // Of what is made at the month's end only the measure waits that its entries carry.
    if group.bucket == .pending, group.amount == nil,
      let own = all.first(where: { (amount($0)?.units ?? 0) != 0 })
    {
      group.measure = own.name
    }
    let measure = all.first { $0.name == group.measure } ?? all[0]
    let amount = amount(measure)
    guard let amount else { return }
    group.amount = (group.amount ?? Decimal(units: 0, scale: measure.scale)) + amount ?? group.amount
  }

  private func age(_ since: String) -> Int {
    guard let then = Day(String(since.prefix(10))), let now = Day(String(today.prefix(10))) else { return 0 }
    return max(0, Int(now.number - then.number))
  }

  private func sorted(_ groups: some Sequence<WaitingGroup>) -> [WaitingGroup] {
    groups.sorted {
      ($1.documents, $0.interface, $0.code, $0.cause) < ($0.documents, $1.interface, $1.code, $1.cause)
    }
  }
}

extension Unposted {
  /// Whether its voucher was refused and voided: then it has a posting that lacks nothing.
  var waitsForExport: Bool { kind == .pending && causes.contains { $0.arguments.isEmpty } }
}

extension HeldCause {
  func message(in language: Language) -> String {
    Finding.message(ofCode: code, arguments, in: language)
  }

  /// The code that a table lacks, where that is what the document waits for.
  var missing: WaitingGroup.MissingCode? {
    switch FindingCode(rawValue: code) {
    case .codeNotFound where arguments.count == 2:
      WaitingGroup.MissingCode(table: arguments[0], key: arguments[1])
    case .checkFailed where arguments.count == 3:
      WaitingGroup.MissingCode(table: arguments[1], key: arguments[2])
    default: nil
    }
  }
}

/// What a posting waits for, in both languages.
enum PendingWording {
  static let voided = Wording(
    en: "{0}: its voucher is void, and the document is to be exported again", zh: "{0}：凭证已作废，需再次导出该单据")
  static let value = Wording(en: "{0} waits for {1}", zh: "{0} 等待 {1}")
  static let monthEnd = Wording(en: "{0} is made when {1} is over", zh: "{0} 等 {1} 月末后汇总")
}

/// What the runs before left waiting.
struct WaitingBefore {
  let held: [HeldDocument]
  private let rejects: [Reject]
  private let clocks: [Int: String]

  init(_ state: StateStore) throws(StateError) {
    var documents: [HeldDocument] = []
    for summary in try state.heldSummary() { documents += try state.heldDocuments(of: summary.interface) }
    held = documents
    rejects = try state.openRejects()
    var clocks: [Int: String] = [:]
    for run in Set(held.map(\.sinceRun) + rejects.map(\.sinceRun)) { clocks[run] = try state.run(run)?.clock }
    self.clocks = clocks
  }

  /// What waits when this run is done as it was decided.
  func groups(
    after decision: RunDecision, _ definitions: CompiledDefinitions, run: Int, clock: String
  ) throws -> [WaitingGroup] {
    let waiting = Waiting(definitions, in: definitions.workspace.language, now: clock) {
      $0 == run ? clock : clocks[$0] ?? ""
    }
    let gone = Set(
      decision.heldRemoved + decision.heldPut.map { HeldKey(interface: $0.interface, key: $0.key) })
    let held =
      held.filter { !gone.contains(HeldKey(interface: $0.interface, key: $0.key)) } + decision.heldPut
    let changed = rejects.isEmpty ? [] : Set(decision.rejects.map(\.number))
    let open = rejects.filter { !changed.contains($0.number) } + decision.rejects.filter { $0.closed == nil }
    return try waiting.groups(held: held) + waiting.groups(rejected: open)
  }
}
