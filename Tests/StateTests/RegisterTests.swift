import Foundation
import GRDB
import Testing

@testable import State

/// A generator that gives the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct RegisterTests {
  struct Known: Equatable {
    var run: Int
    var row: Int
    var hashes: [UInt128?]
    var vouchers: [Int64?]
  }

  @Test func anEmptyRegisterKnowsNothing() throws {
    let scratch = try Scratch()
    let register = try StateStore.open(at: scratch.database).register(of: "sales-issue")
    #expect(register.count == 0 && register.postings.isEmpty)
    #expect(try register.find(key: Array("XS1".utf8)) == nil)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func itAnswersLikeADictionary(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let scratch = try Scratch()
    let store = try StateStore.open(at: scratch.database)
    var model: [[UInt8]: Known] = [:]
    for round in 1...14 {
      var columns = DocumentColumns(postings: 2)
      for row in 0..<Int.random(in: 1...2500, using: &random) {
        let key = Self.key(using: &random)
        let at = columns.append(key: key.span, run: round, file: 1, row: row, year: 2026)
        var known = Known(run: round, row: row, hashes: [nil, nil], vouchers: [nil, nil])
        for posting in 0..<2 where Bool.random(using: &random) {
          let hash = UInt128.random(in: .min ... .max, using: &random)
          columns.set(hash: hash, posting: posting, of: at)
          known.hashes[posting] = hash
        }
        for posting in 0..<2 where Bool.random(using: &random) {
          let number = Int64.random(in: 1...99_999_999, using: &random)
          columns.set(voucher: number, posting: posting, of: at)
          known.vouchers[posting] = number
        }
        model[key] = known
        if row % 700 == 0 { columns.settle() }
      }
      try store.commitRun {
        $0.registers = [RegisterChange(interface: "sales-issue", postings: ["R", "C"], documents: columns)]
      }
      let register = try store.register(of: "sales-issue")
      for (key, known) in model {
        let found = try #require(try register.find(key: key))
        #expect(
          Known(
            run: found.run, row: found.row, hashes: (0..<2).map { found.hash(posting: $0) },
            vouchers: (0..<2).map { found.voucher(posting: $0) }) == known)
      }
      for _ in 0..<500 {
        let key = Self.key(using: &random)
        #expect((try register.find(key: key) != nil) == (model[key] != nil))
      }
      #expect(try store.register(of: "another").find(key: Array(model.keys)[0]) == nil)
    }
    #expect(try store.register(of: "sales-issue").postings == ["R", "C"])
  }

  @Test func ascendingKeysAreFoundAcrossBlocks() throws {
    let scratch = try Scratch()
    let store = try StateStore.open(at: scratch.database)
    for run in 1...3 {
      var columns = DocumentColumns(postings: 1)
      for number in stride(from: run, to: 30_000, by: 3) {
        let at = columns.append(
          key: Array("XS-2026-\(1_000_000 + number)".utf8).span, run: run, file: 1, row: number, year: 2026)
        columns.set(hash: UInt128(number), posting: 0, of: at)
      }
      try store.commitRun {
        $0.registers = [RegisterChange(interface: "s", postings: ["R"], documents: columns)]
      }
    }
    let register = try store.register(of: "s")
    for number in 1..<30_000 {
      let found = try #require(try register.find(key: Array("XS-2026-\(1_000_000 + number)".utf8)))
      #expect(found.row == number && found.hash(posting: 0) == UInt128(number))
    }
    #expect(try register.find(key: Array("XS-2026-0".utf8)) == nil)
    #expect(try register.find(key: Array("XS-2026-1000001x".utf8)) == nil)
    #expect(try register.find(key: Array("Z".utf8)) == nil)
  }

  @Test func aRunSeesItsOwnDocumentsOnceSettled() {
    var columns = DocumentColumns(postings: 1)
    columns.append(key: [3].span, run: 1, file: 1, row: 1, year: 2026)
    columns.append(key: [1, 2].span, run: 1, file: 1, row: 2, year: 2026)
    #expect(columns.find(key: [3]) == nil)
    columns.settle()
    columns.append(key: [1].span, run: 1, file: 2, row: 1, year: 2026)
    columns.settle()
    #expect(columns.find(key: [3]) == 0)
    #expect(columns.find(key: [1, 2]) == 1)
    #expect(columns.find(key: [1]) == 2)
    #expect(columns.find(key: [2]) == nil)
  }

  @Test func segmentsStayFew() throws {
    let scratch = try Scratch()
    let store = try StateStore.open(at: scratch.database)
    for run in 1...40 {
      var columns = DocumentColumns(postings: 1)
      columns.append(key: Array("\(run)".utf8).span, run: run, file: 1, row: 1, year: 2026)
      try store.commitRun {
        $0.registers = [RegisterChange(interface: "s", postings: ["R"], documents: columns)]
      }
      let segments = try store.reading { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM document_block")! }
      #expect(segments <= 6)
      #expect(try store.register(of: "s").count == run)
    }
  }

  @Test func `what merged segments leave free is given back`() throws {
    let scratch = try Scratch()
    let store = try StateStore.open(at: scratch.database)
    for run in 1...8 {
      var columns = DocumentColumns(postings: 1)
      for number in 0..<12_000 {
        let at = columns.append(
          key: Array("XS-\(run * 1_000_000 + number)".utf8).span, run: run, file: 1, row: number, year: 2026)
        columns.set(
          hash: UInt128(number) &* 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835, posting: 0, of: at)
      }
      try store.commitRun {
        $0.registers = [RegisterChange(interface: "s", postings: ["R"], documents: columns)]
      }
      try store.checkpoint()
    }
    let (free, pages) = try store.reading { database in
      (
        try Int.fetchOne(database, sql: "PRAGMA freelist_count")!,
        try Int.fetchOne(database, sql: "PRAGMA page_count")!
      )
    }
    #expect(free <= pages / 8, "\(free) of \(pages) pages are free")
    #expect(try store.register(of: "s").count == 96_000)
  }

  @Test func aFlippedBitIsDamageAndNoVerdict() throws {
    let scratch = try Scratch()
    let store = try StateStore.open(at: scratch.database)
    var columns = DocumentColumns(postings: 1)
    columns.append(key: Array("XS1".utf8).span, run: 1, file: 1, row: 1, year: 2026)
    try store.commitRun {
      $0.registers = [RegisterChange(interface: "s", postings: ["R"], documents: columns)]
    }
    try store.writing {
      try $0.execute(sql: "UPDATE document_block SET payload = CAST(payload || 'x' AS BLOB)")
    }
    let register = try store.register(of: "s")
    #expect(throws: StateError.damaged(reason: "document_block: checksum")) {
      try register.find(key: Array("XS1".utf8))
    }
  }

  /// Short keys over few letters, so that many are beginnings of others.
  static func key(using random: inout SeededGenerator) -> [UInt8] {
    (0..<Int.random(in: 1...7, using: &random)).map { _ in
      [0x00, 0x41, 0x42, 0xFF].randomElement(using: &random)!
    }
  }
}
