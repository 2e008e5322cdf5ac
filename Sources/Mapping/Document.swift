public import Ledger

/// A document's place in its file, and what becomes of it.
public struct Document: Sendable {
  /// UTF-8 of the key in the store's `keys`; several key fields are joined by U+001F.
  public var key: Range<Int>
  public var verdict: Verdict
  /// Whether a record's key could not be read: such a document can't be known again.
  public var nameless: Bool
  public var day: Day
  /// Data row of its first record, from 1, and the line on which that begins.
  public var firstRow: Int32
  public var firstLine: Int32
  public var records: Int32
  /// The bytes of its records in the source, from the first one's start to the last one's end.
  public var bytes: Range<Int64>
  /// A bit for each posting: it waits for a value (待入账).
  public var pending: UInt32
  /// A bit for each posting: it is made when the document's month is over (`gather: month`).
  public var deferred: UInt32 = 0
  /// Whether it came again as one that is not to be posted: what still waits of it is not made.
  public var isWithdrawn = false
  /// Of those, one that is not void: it may be approved again.
  public var isNotApproved = false
  /// A bit for each posting: what an earlier run posted of it is taken back (红字冲销), for the content is another now, or
  /// the document is not to be posted any more.
  public var takenBack: UInt32 = 0
  /// Which of several books it goes to; -1 where that can't be told, or there is one.
  public var book: Int16 = -1
  /// Whether `document.ignore` leaves it out, and nothing of it is posted.
  public var isLeftOut = false
  /// Whether it is taken note of as posted elsewhere.
  public var isAdopted = false
  /// Whether the file, a full snapshot, does not have it: it was posted before, and has no records here.
  public var isMissing = false
  /// Whether it was to be posted anew and would be as it is.
  public var isUnchanged = false
  /// Whether it is void (作废).
  public var isVoid = false
  /// A bit for each posting: it was posted by an earlier run.
  public var done: UInt32
  /// A bit for each posting: its condition leaves no record of the document.
  public var skipped: UInt32

  /// A bit for each posting that this run does not make, though it applies and no earlier run has made it.
  public var waits: UInt32 { (pending | deferred) & ~(done | skipped) }
  /// Whether there are vouchers of it in this run, or may be: new ones, or red ones that take back what was posted.
  public var makesVouchers: Bool { verdict == .posted || takesBack }
  /// Whether what was posted of it is taken back.
  public var takesBack: Bool { takenBack != 0 && (verdict == .posted || verdict == .ignored) }
  /// Those of them for which the document has to be kept.
  public var awaitsMonthEnd: UInt32 { deferred & ~(pending | done | skipped) }
}

/// The documents of one file: what passes the door between `Mapping` and `Posting`, and on to the state.
public struct DocumentStore: Sendable {
  public internal(set) var keys: [UInt8] = []
  public var documents: [Document] = []
  /// For each document one sum a measure, at the measure's scale; cells that could not be read count nothing.
  public internal(set) var measureSums = NumberList<Int64, Int128>()
  /// For each document one content hash a posting.
  public internal(set) var hashes: [ContentHash] = []
  /// For each document in their order one hash a record, over the source values of all postings; only of an interface whose
  /// documents may come in pieces.
  public internal(set) var recordHashes: [ContentHash] = []
  public let measures: Int
  public let postings: Int

  public init(measures: Int, postings: Int) {
    self.measures = measures
    self.postings = postings
  }

  /// Makes room for so many times the documents that there are by now: nothing need be copied as it grows.
  public mutating func reserve(times: Int) {
    keys.reserve(times: times)
    documents.reserve(times: times)
    measureSums.reserve(times: times)
    hashes.reserve(times: times)
    recordHashes.reserve(times: times)
  }

  /// Adds a posted document that the file does not have, and returns its index.
  public mutating func appendMissing(key: [UInt8], day: Day, isTakenBack: Bool) -> Int {
    var document = Document(
      key: keys.count..<keys.count + key.count, verdict: .ignored, nameless: false, day: day, firstRow: 0,
      firstLine: 0, records: 0, bytes: 0..<0, pending: 0, done: 0, skipped: 0)
    document.isMissing = true
    document.takenBack = isTakenBack ? .max : 0
    keys += key
    documents.append(document)
    for _ in 0..<measures { measureSums.append(0) }
    hashes += Array(repeating: ContentHash(low: 0, high: 0), count: postings)
    return documents.count - 1
  }

  public func key(_ index: Int) -> ArraySlice<UInt8> { keys[documents[index].key] }

  /// The key as people read it.
  public func keyText(_ index: Int) -> String { Self.text(ofKey: key(index)) }

  /// A key as people read it.
  public static func text(ofKey key: some Sequence<UInt8>) -> String {
    String(decoding: key.map { $0 == DocumentGatherer.keySeparator ? 0x2F : $0 }, as: UTF8.self)
  }

  public func sums(_ index: Int) -> [Int128] {
    (index * measures..<(index + 1) * measures).map { measureSums[$0] }
  }

  public func hashes(_ index: Int) -> ArraySlice<ContentHash> {
    hashes[index * postings..<(index + 1) * postings]
  }
}

/// 128 bits of the source values that a posting of a document is made of, whatever the order of its records.
public struct ContentHash: Sendable, Hashable {
  public var low: UInt64
  public var high: UInt64

  @inlinable
  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  func joined(with other: ContentHash) -> ContentHash {
    ContentHash(
      low: mixed(low ^ other.low, 0xA409_3822_299F_31D0),
      high: mixed(high ^ other.high, 0x082E_FA98_EC4E_6C89))
  }
}
