/// What a run's commit says of one file it took.
package struct FileOutcome: Sendable, Hashable {
  package var sequence: Int
  package var sha256: [UInt8]
  /// JSON, for the log and `status`.
  package var outcome: String

  package init(sequence: Int, sha256: [UInt8], outcome: String) {
    self.sequence = sequence
    self.sha256 = sha256
    self.outcome = outcome
  }
}

/// What a run adds to the register of one interface.
package struct RegisterChange: Sendable {
  package var interface: String
  /// Codes of the postings by slot: those that the register has, in its order, then new ones.
  package var postings: [String]
  /// The documents in order of key, sealed.
  let blocks: [DocumentBlock]

  package init(interface: String, postings: [String], documents: DocumentColumns) {
    precondition(postings.count == documents.postings, "Each posting has one slot")
    var blocks: [DocumentBlock] = []
    documents.seal { blocks.append($0) }
    self.init(interface: interface, postings: postings, blocks: blocks)
  }

  init(interface: String, postings: [String], blocks: [DocumentBlock]) {
    self.interface = interface
    self.postings = postings
    self.blocks = blocks
  }

  /// What the run made true of a document.
  package func find(_ key: [UInt8]) throws(StateError) -> PostedDocument? {
    do {
      return try key.withUnsafeBufferPointer { key in
        for block in blocks {
          let isBelow = block.firstKey.withUnsafeBufferPointer { compareKeys($0, key) > 0 }
          guard !isBelow, block.lastKey.withUnsafeBufferPointer({ compareKeys(key, $0) <= 0 }) else {
            continue
          }
          let entries = try BlockEntries(checking: block.payload)
          if let at = entries.find(key) { return PostedDocument(payload: entries.payload, at: at) }
        }
        return nil
      }
    } catch { throw StateError(error) }
  }
}

/// Which held, deferred or unposted document goes.
package struct HeldKey: Sendable, Hashable, Codable {
  package var interface: String
  @RecordedBytes package var key: [UInt8]

  package init(interface: String, key: [UInt8]) {
    self.interface = interface
    self.key = key
  }
}

/// A posted document of which a posting is made when its month is over, with everything that is needed to make it. What it
/// waits for (`causes`) are the codes of those postings, and its amounts are what they carry.
package struct DeferredDocument: Sendable, Hashable, Codable {
  package var document: HeldDocument
  /// The last day of the document's month, as `Day.number`.
  package var monthEnd: Int

  package init(document: HeldDocument, monthEnd: Int) {
    self.document = document
    self.monthEnd = monthEnd
  }
}

/// Everything that a run decided. It becomes true as a whole, in one transaction.
package struct RunDecision: Sendable {
  /// Fingerprint of the definitions that were used, which a resumed run may find changed since its plan.
  package var definitions: String
  package var needsPerson = false
  package var files: [FileOutcome] = []
  package var registers: [RegisterChange] = []
  /// Removed first, so that a document can be replaced.
  package var heldRemoved: [HeldKey] = []
  package var heldPut: [HeldDocument] = []
  /// Removed first, as above.
  package var deferredRemoved: [HeldKey] = []
  package var deferredPut: [DeferredDocument] = []
  /// New rejects, and those that changed, each as it is from now on.
  package var rejects: [Reject] = []
  /// Documents of which this run takes back what they were.
  package var corrections: [Correction] = []
  /// Removed first, as above.
  package var unpostedRemoved: [HeldKey] = []
  package var unpostedPut: [Unposted] = []
  /// What somebody closes or opens.
  package var periods: [PeriodEvent] = []
  /// What was heard of vouchers, each as it is from now on.
  package var standings: [VoucherStanding] = []
  /// New last numbers, by counter.
  package var counters: [String: Int64] = [:]
  package var digests: [FileDigest] = []
  package var summary = ""

  package init(definitions: String) {
    self.definitions = definitions
  }
}
