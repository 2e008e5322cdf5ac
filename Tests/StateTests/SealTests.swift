import Foundation
import GRDB
import Testing

@testable import State

/// What `prove` sees before a run relies on the state.
@Suite struct SealTests {
  private static let pageSize = 4096

  /// A page that stands in another's place is one of the same kind, whole by itself: indexes too must fit their tables.
  @Test func pagesThatChangedPlacesAreSeenOrDoNoHarm() throws {
    let scratch = try Scratch()
    let key = Array("XS1".utf8)
    do {
      let store = try StateStore.open(at: scratch.database)
      try store.commitRun {
        var columns = DocumentColumns(postings: 1)
        _ = columns.append(key: key.span, run: 1, file: 1, row: 1, year: 2026)
        $0.registers = [
          RegisterChange(
            interface: "sales-issue", postings: ["revenue"], documents: columns)
        ]
        $0.heldPut = [CommitTests.held]
        $0.deferredPut = [CommitTests.deferred]
      }
      try store.checkpoint()
      try store.close()
    }
    let data = try Data(contentsOf: URL(filePath: scratch.database))
    let pages = data.count / Self.pageSize
    #expect(pages > 10)
    var seen = 0
    for page in 1..<pages {
      for other in 0..<page {
        try Self.swapped(data, page, other).write(to: URL(filePath: scratch.database))
        do {
          let store = try StateStore.open(at: scratch.database)
          try store.prove()
          #expect(
            try store.register(of: "sales-issue").find(key: key) != nil, "pages \(page) and \(other)")
          #expect(try store.heldDocuments(of: "sales-issue").count == 1, "pages \(page) and \(other)")
          #expect(try store.deferredSummary().map(\.count) == [1], "pages \(page) and \(other)")
          try store.close()
        } catch {
          seen += 1
        }
        for ending in ["-wal", "-shm"] {
          try? FileManager.default.removeItem(atPath: scratch.database + ending)
        }
      }
    }
    #expect(seen > pages)
  }

  private static func swapped(_ data: Data, _ page: Int, _ other: Int) -> Data {
    let (one, two) = (page * pageSize..<(page + 1) * pageSize, other * pageSize..<(other + 1) * pageSize)
    var swapped = data
    swapped.replaceSubrange(one, with: data[two])
    swapped.replaceSubrange(two, with: data[one])
    return swapped
  }

  /// The same number for the same values for ever: states that are there are proven by it. (The expected number comes from another
  /// program.)
  @Test func aSealIsAlwaysTheSame() throws {
    let queue = try DatabaseQueue()
    try queue.write { database in
      Seal.install(in: database)
      let seal = try Int64.fetchOne(
        database, sql: "SELECT seal(?, ?, ?, ?, ?, ?)",
        arguments: ["甲", -7, nil, 1.5, Data([0, 1]), ""])
      #expect(seal == 4_949_252_560_632_595_755)
    }
  }
}
