/// What must become of sales, thought out a document at a time and without any of the program's code.
struct ReferenceBatch {
  enum Verdict: String, CaseIterable { case posted, rejected, held, repeated, ignored }

  /// What a run must report.
  struct Run {
    var documents: [Verdict: Int] = [:]
    var rows: [Verdict: Int] = [:]
    /// In hundredths; of posted documents whose revenue this run posts.
    var gross: [Verdict: Int] = [:]
    var readDocuments = 0
    var releasedDocuments = 0
    var postedCost = 0
    var pendingCost = 0
    var rejectedRows: [String] = []
    fileprivate var heldNow: Set<String> = []

    /// A later file of the run took the document's place.
    fileprivate mutating func take(_ verdict: Verdict, _ sale: Sale) {
      documents[verdict, default: 0] -= 1
      rows[verdict, default: 0] -= sale.rows.count
      gross[verdict, default: 0] -= sale.gross
    }

    mutating func add(_ verdict: Verdict, _ sale: Sale) {
      documents[verdict, default: 0] += 1
      rows[verdict, default: 0] += sale.rows.count
      gross[verdict, default: 0] += sale.gross
      if verdict == .rejected { rejectedRows += sale.lines }
    }
  }

  var customers: Set<String> = ["C1", "C2", "C3"]
  private var posted: [String: Sale] = [:]
  private(set) var held: [String: Sale] = [:]
  /// Held ones that have come since as they were posted.
  private var doubted: Set<String> = []
  /// In hundredths, over all runs.
  private(set) var gross = 0
  private(set) var cost = 0

  mutating func run(_ files: [[Sale]]) -> Run {
    var run = Run()
    for sale in held.values where held[sale.no] == sale { retry(sale, &run) }
    for sale in files.joined() {
      run.readDocuments += 1
      take(sale, &run)
    }
    return run
  }

  /// A held document, tried again.
  private mutating func retry(_ sale: Sale, _ run: inout Run) {
    let verdict = judge(sale)
    guard verdict != .held, !doubted.contains(sale.no) else { return }
    held[sale.no] = nil
    run.releasedDocuments += 1
    enter(sale, verdict, &run)
  }

  private mutating func take(_ sale: Sale, _ run: inout Run) {
    if held[sale.no] == sale, posted[sale.no] != sale { return run.add(.repeated, sale) }
    if held[sale.no] != nil, posted[sale.no] == sale {
      doubted.insert(sale.no)
      return run.add(.repeated, sale)
    }
    doubted.remove(sale.no)
    if let old = held.removeValue(forKey: sale.no) {
      if run.heldNow.contains(old.no) { run.take(.held, old) } else { run.releasedDocuments += 1 }
      run.add(.ignored, old)
    }
    if posted[sale.no] == sale { return run.add(.repeated, sale) }
    enter(sale, judge(sale), &run)
  }

  private mutating func enter(_ sale: Sale, _ verdict: Verdict, _ run: inout Run) {
    guard verdict == .posted else {
      if verdict == .held {
        held[sale.no] = sale
        run.heldNow.insert(sale.no)
      }
      return run.add(verdict, sale)
    }
    let before = posted[sale.no]
    posted[sale.no] = sale
    run.add(.posted, sale)
    if before == nil {
      gross += sale.gross
    } else {
      // Only the cost was missing: the revenue is not posted again.
      run.gross[.posted, default: 0] -= sale.gross
      run.gross[.repeated, default: 0] += sale.gross
    }
    if sale.hasCost {
      cost += sale.cost
      run.postedCost += sale.cost
    } else {
      run.pendingCost += sale.cost
    }
  }

  private func judge(_ sale: Sale) -> Verdict {
    if sale.state != "approved" || sale.day < "2026-01-01" { return .ignored }
    if sale.rows.contains(where: \.isBad) { return .rejected }
    if !customers.contains(sale.buyer) { return .held }
    guard let before = posted[sale.no] else { return .posted }
    let isFilledIn = !before.hasCost && sale.hasCost && before.revenue == sale.revenue
    return isFilledIn ? .posted : .held
  }
}

extension Sale.Row {
  /// The trial mapping's check that sends a document back, or a cell that is no number.
  fileprivate var isBad: Bool {
    guard let amount else { return true }
    return abs(tax) > abs(amount)
  }
}
