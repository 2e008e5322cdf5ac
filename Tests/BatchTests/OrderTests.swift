import Findings
import Foundation
import Ledger
import Posting
import Readers
import State
import Testing

@testable import Batch

/// What is posted does not depend on how the rows came: in which files, in which order, in batches of which size.
@Suite struct OrderTests {
  private func entries(_ files: [[Sale]], names: [String]) throws -> [[VoucherLine]] {
    let bench = try Bench()
    for (name, sales) in zip(names, files) { try bench.drop("sales-\(name).csv", Sale.file(sales)) }
    try bench.run()
    return try bench.vouchers().withoutIDs
  }

  @Test(arguments: 201...208) func anyOrderOfFilesGivesTheSameEntries(seed: Int) throws {
    var generator = SalesGenerator(seed: UInt64(seed))
    let files = generator.files(4, of: 12, changes: false)
    let names = ["a", "b", "c", "d"]
    let whole = try entries(files, names: names)
    #expect(!whole.isEmpty)
    #expect(try entries(files, names: generator.shuffled(names)) == whole)
    // Nor does it matter in which file, or in which place of it, a document stands.
    var seen: Set<String> = []
    let all = files.joined().filter { seen.insert($0.no).inserted }
    #expect(try entries([generator.shuffled(all)], names: ["a"]) == whole)
    #expect(try entries(generator.shuffled(all).map { [$0] }, names: all.indices.map { "\($0)" }) == whole)
  }

  @Test(arguments: 301...308) func oneRunOrSeveralGiveTheSameRevenue(seed: Int) throws {
    var generator = SalesGenerator(seed: UInt64(seed))
    let files = generator.files(3, of: 12, changes: false)
    let whole = try entries(files, names: ["a", "b", "c"])
    let bench = try Bench()
    for (index, sales) in files.enumerated() {
      try bench.drop("sales-\(index).csv", Sale.file(sales))
      try bench.run()
    }
    let apart = try bench.vouchers()
    #expect(
      apart.withoutIDs.filter { $0[0].memo.hasPrefix("sale") }
        == whole.filter { $0[0].memo.hasPrefix("sale") })
    // Summaries never span runs, so a day may have several; together they are the same.
    #expect(apart.debits("5401") == whole.flatMap(\.self).debits("5401"))
  }

  /// Rows of one document that are not together give what the file gives in which they are.
  @Test(arguments: 401...408) func scatteredDocumentsGiveTheSameFiles(seed: Int) throws {
    var generator = SalesGenerator(seed: UInt64(seed))
    let sales = generator.files(1, of: 30, changes: false)[0]
    // Some documents' last rows move to the end of the file; where a document begins, nothing changes.
    var lines: [String] = []
    var late: [String] = []
    for sale in sales {
      let apart = sale.rows.count > 1 && generator.below(2) == 0
      lines += apart ? Array(sale.lines.dropLast()) : sale.lines
      if apart { late.append(sale.lines[sale.lines.count - 1]) }
    }
    func outcome(_ text: String) throws -> (vouchers: [VoucherLine], rejected: [String], held: [[UInt8]]) {
      let bench = try Bench()
      try bench.drop("sales.csv", text)
      try bench.run()
      #expect(try bench.log(run: 1).differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
      return (
        try bench.vouchers(), try bench.rejectedRows(run: 1),
        try bench.state { try $0.heldDocuments(of: "sales") }.map(\.rows)
      )
    }
    let scattered = try outcome(Sale.file(lines: lines + generator.shuffled(late)))
    let contiguous = try outcome(Sale.file(sales))
    #expect(scattered.vouchers == contiguous.vouchers)
    #expect(scattered.rejected == contiguous.rejected)
    #expect(scattered.held == contiguous.held)
  }

  /// Every byte of what is written, whatever the size of batches.
  @Test(arguments: [1, 3, 50, 8192]) func anyBatchSizeWritesTheSameBytes(batchRows: Int) throws {
    var generator = SalesGenerator(seed: 500)
    var sales: [Sale] = []
    for _ in 0..<800 { sales.append(generator.new()) }
    let text = Sale.file(sales)
    let whole = try written(text, batchRows: 1 << 20)
    #expect(whole.count > 4)
    let pieces = try written(text, batchRows: batchRows)
    #expect(pieces.filter { whole[$0.key] != $0.value }.keys.sorted() == [])
    #expect(pieces.keys.sorted() == whole.keys.sorted())
    // The same where the last document comes back at the end, so that the file is read again by another way.
    let scattered = text + sales[0].lines[0] + "\n"
    #expect(try written(scattered, batchRows: batchRows) == written(scattered, batchRows: 1 << 20))
  }

  private func written(_ text: String, batchRows: Int) throws -> [String: [UInt8]] {
    let bench = try Bench()
    try bench.workspace.prepare()
    let state = try StateStore.open(at: bench.workspace.state.description)
    defer { try? state.close() }
    let definitions = try CompiledDefinitions(of: bench.workspace)
    var conversion = Conversion(
      definitions: definitions, run: 1, today: Day(ofClock: Bench.clock), state: state,
      spilling: Spilling(folder: bench.workspace.inside),
      entries: ArchivedEntries(workspace: bench.workspace),
      closed: try ClosedPeriods(state, bench.workspace)
    )
    conversion.batchRows = batchRows
    let file = IncomingFile(
      sequence: 1, name: Array("sales.csv".utf8), interface: "sales", source: .bytes(Array(text.utf8)),
      size: Int64(text.utf8.count))
    let result = try conversion.convert([file]) { _, _ in }
    let taken = RunFile(
      sequence: 1, name: file.name, identity: FileIdentity(device: 0, inode: 0, size: file.size, modified: 0),
      interface: file.interface, archiveName: file.name, phase: .taken)
    var output = ConversionOutput(
      result, definitions: definitions, run: 1, clock: Bench.clock, counters: [:], files: [taken],
      previous: [],
      before: try WaitingBefore(state), entries: ArchivedEntries(workspace: bench.workspace))
    let staging = try Staging(bench.workspace.staging(run: 1))
    try output.write([], to: staging)
    var files: [String: [UInt8]] = [:]
    for publication in output.publications {
      let bytes = try System.read(staging.folder / String(publication.sequence))
      // Kept entries number their texts as they are met, batch by batch; what they say is the same.
      switch publication.kind {
      case .entries: files[publication.name] = Array("\(try KeptEntries.read(bytes))".utf8)
      case .record: files[publication.name] = try withoutEntries(CommitRecord(bytes))
      default: files[publication.name] = bytes
      }
    }
    return files
  }

  private func withoutEntries(_ record: CommitRecord) -> [UInt8] {
    var record = record
    record.publications.removeAll { $0.kind == .entries }
    var bytes: [UInt8] = []
    record.write { bytes += $0 }
    return bytes
  }
}
