import Batch
import Expressions
import Foundation
import Ledger
import Mapping
import Posting
import Readers
import State

/// One stage of the engine at a time, on the data of the benchmark: what `make bench` prints per row.
///
/// `micro STAGE WORKSPACE REPEATS` reads `WORKSPACE/inbox/sales.csv` by the workspace's only interface, does the stage REPEATS
/// times, and prints for each of them its seconds and what it had to do. Of the difference between two numbers of
/// repeats an instruction count knows nothing of the preparation.
@main struct Micro {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count == 3, let stage = Stage(rawValue: arguments[1]), let repeats = Int(arguments[3])
    else {
      print("usage: micro \(Stage.allCases.map(\.rawValue).joined(separator: "|")) WORKSPACE REPEATS")
      exit(64)
    }
    switch stage {
    case .state: try StateBench(documents: repeats).run()
    default:
      let bench = try FileBench(arguments[2])
      try bench.run(stage, repeats)
    }
  }

  /// Runs the body as often as is said, and prints what each time took.
  static func time(_ name: String, _ repeats: Int = 1, _ body: () throws -> Int) rethrows {
    for _ in 0..<repeats {
      var count = 0
      let taken = try ContinuousClock().measure { count = try body() }
      print(name, taken / .seconds(1), count, separator: "\t")
    }
  }
}

enum Stage: String, CaseIterable {
  /// Bytes to records: rows.
  case reader
  /// Records to the numbers in them: cells.
  case decimals
  /// Records to all fields, checks and amounts of the mapping: rows.
  case expressions
  /// Fields to documents, drafts and vouchers: rows.
  case grouping
  /// Documents to the register, and keys looked up in it.
  case state
}

/// The stages that a file goes through.
struct FileBench {
  private let compiled: CompiledInterface
  private let source: ByteSource
  private let layout: TableLayout
  private let header: Header

  init(_ folder: String) throws {
    let definitions = try CompiledDefinitions(of: Workspace(folder))
    precondition(definitions.findings.isEmpty, "\(definitions.findings)")
    compiled = definitions.interfaces[0]
    layout = compiled.interface.layout
    source = .bytes(Array(try Data(contentsOf: URL(filePath: folder + "/inbox/sales.csv"))))
    header = try Header.find(in: source, layout: layout, file: "sales.csv")
  }

  func run(_ stage: Stage, _ repeats: Int) throws {
    if stage == .reader {
      try Micro.time(stage.rawValue, repeats) { try records { _ in } }
      return
    }
    var batches: [RecordBatch] = []
    _ = try records { batches.append($0) }
    switch stage {
    case .decimals:
      let columns = ["数量", "含税单价", "含税金额", "不含税金额", "税额", "单位成本", "成本金额"]
        .compactMap { compiled.program.columns.firstIndex(of: $0) }
      Micro.time(stage.rawValue, repeats) { parse(columns, of: batches) }
    case .expressions:
      Micro.time(stage.rawValue, repeats) { evaluate(batches, compiled.program) }
    default:
      var evaluated: [(RecordBatch, Evaluation)] = []
      for var batch in batches {
        var evaluation = Evaluation(compiled.program)
        evaluation.run(over: &batch)
        evaluated.append((batch, evaluation))
      }
      try Micro.time(stage.rawValue, repeats) { try group(evaluated) }
    }
  }

  private func records(_ body: (RecordBatch) -> Void) throws -> Int {
    var reader = CSVReader(source: source, layout: layout, header: header, file: "sales.csv")
    var rows = 0
    while let batch = try reader.next() {
      rows += batch.count
      body(batch)
    }
    return rows
  }

  private func parse(_ columns: [Int], of batches: [RecordBatch]) -> Int {
    var numbers = 0
    for batch in batches {
      batch.bytes.withUnsafeBufferPointer { bytes in
        for column in columns {
          for cell in batch.columns[column] {
            let text = UnsafeBufferPointer(rebasing: bytes[Int(cell.start)..<Int(cell.start + cell.length)])
            if case .number = parseNumber(text) { numbers += 1 }
          }
        }
      }
    }
    return numbers
  }

  private func evaluate(_ batches: [RecordBatch], _ program: Program) -> Int {
    var evaluation = Evaluation(program)
    var rows = 0
    for var batch in batches {
      evaluation.run(over: &batch)
      rows += batch.count
    }
    return rows
  }

  private func group(_ evaluated: [(RecordBatch, Evaluation)]) throws -> Int {
    let books = compiled.books
    var dimensions = Dimensions()
    var groups = compiled.postings.map { _ in Codes() }
    var gatherer = DocumentGatherer(
      compiled.interface, program: compiled.program, postings: compiled.postings.map(\.inputs)
    ) { _, _, _, _ in .unknown }
    var maker = EntryMaker(
      compiled.postings, books: books.map { ($0.book, $0.tailUnits) }, dimensions: &dimensions)
    var drafts = EntryDrafts()
    var rows = 0
    for (batch, evaluation) in evaluated {
      let documents = try gatherer.gather(batch, evaluation)
      maker.post(
        documents, of: &gatherer, evaluation, batch, &dimensions, groups: &groups, into: &drafts)
      rows += batch.count
    }
    _ = try VoucherMaker(
      compiled.postings, dimensions: dimensions, groups: groups, books: books.map(\.book), entriesMax: nil,
      attachmentsMax: nil, listsDocuments: false
    ).vouchers(
      of: [PostedFile(sequence: 0, name: "sales.csv", store: gatherer.store, drafts: drafts)],
      firstPosting: 0)
    return rows
  }
}

/// The register of posted documents as it grows: ten commits, and look-ups of keys that it does not have.
struct StateBench {
  /// Of each commit, and of each look-up.
  let documents: Int

  func run() throws {
    let folder = NSTemporaryDirectory() + "micro-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try StateStore.open(at: folder + "/state.sqlite")
    for commit in 1...10 {
      try Micro.time("commit \(commit)") {
        try add(from: commit * documents, to: store)
        return documents
      }
      guard commit == 1 || commit == 10 else { continue }
      for _ in 1...3 {
        try Micro.time("ascending after \(commit)") {
          try look(store) { (commit + 1) * documents + $0 }
        }
        // In no order, and none is there: a letter stands behind the digits.
        try Micro.time("random after \(commit)") {
          try look(store, suffix: [0x78]) { documents + $0 &* 0x9E37_79B1 % (commit * documents) }
        }
      }
    }
    let size = try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { size, name in
      size + (try FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.size] as? Int ?? 0)
    }
    print("bytes", Double(size) / Double(documents * 10), documents * 10, separator: "\t")
  }

  private func key(_ number: Int) -> [UInt8] {
    Array("XS2603\(String(100_000_000 + number).dropFirst())".utf8)
  }

  private func add(from first: Int, to store: StateStore) throws {
    var columns = DocumentColumns(postings: 1)
    for number in first..<first + documents {
      let at = columns.append(
        key: key(number).span, run: 1, file: 1, row: number - first, year: 2026, day: 20_500)
      columns.set(hash: UInt128(number) &* 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835, posting: 0, of: at)
      columns.set(voucher: Int64(number), posting: 0, of: at)
    }
    let run = try store.plan(clock: "2026-03-21T06:00:00+08:00", definitions: "micro", files: [])
    var decision = RunDecision(definitions: "micro")
    decision.registers = [RegisterChange(interface: "sales-issue", postings: ["S"], documents: columns)]
    try store.commit(run: run, decision, publications: [])
    try store.checkpoint()
  }

  /// Each round with an opened register, as each run has one.
  private func look(_ store: StateStore, suffix: [UInt8] = [], _ number: (Int) -> Int) throws -> Int {
    let register = try store.register(of: "sales-issue")
    var found = 0
    for index in 0..<documents where try register.find((key(number(index)) + suffix).span) != nil {
      found += 1
    }
    return found
  }
}
