import Ledger
import Mapping
import Testing

@testable import Posting

struct KeptEntriesTests {
  private let bench = Workbench()
  private let row = Workbench.row

  private func kept() throws -> (outcome: RunOutcome, bytes: [UInt8], ends: [Int]) {
    var outcome = try bench.run([
      [
        row("A", [:]), row("A", ["部门": "", "成本": "-1.25", "数量": "0", "单位": ""]),
        row("R", ["金额": "-5", "税额": "0", "成本": "-3", "日期": "1999-12-31"]),
      ],
      [row("B", [:]), row("Z", ["金额": "0", "税额": "0", "成本": "0", "类": "饮"])],
    ])
    for index in outcome.set.batch.vouchers.indices { outcome.set.batch.number(index, as: Int64(index + 17)) }
    var bytes = KeptEntries.head()
    var ends = [bytes.count]
    for name in ["sales", "again"] {
      bytes.append(
        block: outcome.set, files: outcome.files, interface: name, prefixes: ["A-XS-R-", "A-XS-C-"],
        types: ["记", "转"], postings: 0..<2,
        chart: bench.chart, dimensions: outcome.dimensions)
      ends.append(bytes.count)
    }
    return (outcome, bytes, ends)
  }

  /// An entry as `RunOutcome.text` writes it, but from what was kept.
  private func text(_ entry: KeptEntries.KeptEntry, _ outcome: RunOutcome) -> String {
    var text = "\(entry.side) \(entry.account)"
    for name in outcome.dimensions.names {
      if let value = entry.dimensions[name] { text += " {\(name) \(value)}" }
    }
    let split = entry.split.replacing("\u{1F}", with: "")
    if !entry.split.isEmpty { text += " /\(split)" }
    text += " \(Decimal(units: Int128(entry.amount), scale: Entry.amountScale))"
    if let quantity = entry.quantity {
      text += " × \(Decimal(units: Int128(quantity), scale: Entry.quantityScale).trimmed)"
    }
    return text + entry.unit
  }

  @Test func `what was kept is what was posted, document by document`() throws {
    let (outcome, bytes, _) = try kept()
    let blocks = try KeptEntries.read(bytes)
    #expect(blocks.map(\.interface) == ["sales", "again"])
    #expect(blocks[0].documents == blocks[1].documents)
    let references = outcome.set.drafts + outcome.set.withoutVoucher
    #expect(blocks[0].documents.count == references.count)
    for (document, reference) in zip(blocks[0].documents, references) {
      let file = outcome.files[Int(reference.file)]
      let draft = outcome.files[reference]
      #expect(document.key == Array(file.store.key(Int(draft.document))))
      #expect(document.date == draft.day)
      #expect(
        document.entries.map { text($0, outcome) } == file.drafts.entries[draft.entries].map(outcome.text))
      #expect(document.entries.map(\.rule) == file.drafts.entries[draft.entries].map { Int($0.rule) })
    }
    #expect(
      blocks[0].documents.map(\.voucher) == [
        "A-XS-R-00000017", "A-XS-R-00000018", "A-XS-R-00000019", "A-XS-C-00000020", "A-XS-C-00000021",
        "A-XS-C-00000021", "", "",
      ])
  }

  @Test func `a voucher made again of what was kept has the entries that it had, in their order`() throws {
    let (outcome, bytes, _) = try kept()
    let block = try KeptEntries.read(bytes)[0]
    #expect(block.dimensions == outcome.dimensions.names)
    for (index, voucher) in outcome.set.batch.vouchers.enumerated() {
      let own = block.documents.filter { $0.voucher.hasSuffix("000\(index + 17)") }
      let made = PublishedVoucher(own, dimensions: block.dimensions) { _ in false }
      #expect(
        made.entries.map { text($0, outcome) } == outcome.set.batch.entries(of: voucher).map(outcome.text)
      )
      #expect(made.places.map(\.count) == own.map(\.entries.count))
    }
  }

  @Test func `an empty run is kept too`() throws {
    #expect(try KeptEntries.read(KeptEntries.head()).isEmpty)
  }

  @Test func `a file that is cut anywhere but behind a block is refused`() throws {
    let (_, bytes, ends) = try kept()
    for length in 0..<bytes.count where !ends.contains(length) {
      #expect(throws: KeptEntries.Damaged.self, "\(length) bytes") {
        try KeptEntries.read(Array(bytes.prefix(length)))
      }
    }
  }

  @Test func `bytes too many are refused, in a block and behind all`() throws {
    let (_, bytes, ends) = try kept()
    #expect(throws: KeptEntries.Damaged.self) { try KeptEntries.read(bytes + [7]) }
    #expect(throws: KeptEntries.Damaged.self) { try KeptEntries.read([0x20] + bytes) }
    // A block that says that it is one byte longer, and is.
    var head = KeptEntries.head()
    let block = Array(bytes[ends[0]..<ends[1]])
    let length = block.prefix { $0 >= 0x80 }.count + 1
    head.append(number: UInt64(block.count - length + 1))
    #expect(throws: KeptEntries.Damaged.self) { try KeptEntries.read(head + block.dropFirst(length) + [0]) }
  }

  @Test func `no damaged byte is a trap`() throws {
    let (_, bytes, _) = try kept()
    var random = SplitMix(seed: 51)
    for index in bytes.indices {
      for mask in [0x01, 0x80, 0xFF, UInt8.random(in: 1...255, using: &random)] as [UInt8] {
        var damaged = bytes
        damaged[index] ^= mask
        _ = try? KeptEntries.read(damaged)
      }
    }
  }

  @Test(arguments: [Int64.min, .max, 0, -1, 1, 63, 64, -64, -65, 1 << 40])
  func `signed numbers of every size come back`(_ number: Int64) throws {
    var outcome = try bench.run([[row("A", ["成本": ""])]])
    var bytes = KeptEntries.head()
    var entries = Array(outcome.files[0].drafts.entries)
    entries[0].amount = number
    outcome.files[0].drafts.entries = EntryList(entries)
    bytes.append(
      block: outcome.set, files: outcome.files, interface: "x", prefixes: ["P", "Q"], types: ["", ""],
      postings: 0..<2,
      chart: bench.chart,
      dimensions: outcome.dimensions)
    #expect(try KeptEntries.read(bytes)[0].documents[0].entries[0].amount == number)
  }
}

extension [UInt8] {
  /// Appends a block as a run's file has it.
  fileprivate mutating func append(
    block set: VoucherSet, files: [PostedFile], interface: String, prefixes: [String], types: [String],
    postings: Range<Int>, chart: Chart, dimensions: Dimensions
  ) {
    var block: [UInt8] = []
    KeptEntries.write(
      set, files: files, interface: interface, prefixes: prefixes, types: types, postings: postings,
      chart: chart,
      dimensions: dimensions
    ) { block += $0 }
    self += KeptEntries.length(block.count) + block
  }
}
