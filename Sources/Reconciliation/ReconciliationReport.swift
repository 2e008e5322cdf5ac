package import Findings

/// What became of a file as a whole.
package enum FileOutcome: String, Sendable, Hashable, CaseIterable {
  case done
  /// Its rows are counted with those of the file that it was taken with.
  case heads
  /// The same file as an earlier one that left nothing open.
  case repeated
  /// Every row went back to the operator.
  case stopped
  /// No interface takes it: it stays in the inbox.
  case unrecognised
  case quarantined
  case withdrawn
}

/// A file of the run, and its books.
package struct FileReport: Sendable, Hashable {
  package var name: String
  package var interface: String?
  package var sha256: String
  package var size: Int64
  package var outcome: FileOutcome
  package var tally: Tally?
  /// Names of what went back to the operator.
  package var rejectFiles: [String]

  package init(
    name: String, interface: String?, sha256: String, size: Int64, outcome: FileOutcome, tally: Tally? = nil,
    rejectFiles: [String] = []
  ) {
    self.name = name
    self.interface = interface
    self.sha256 = sha256
    self.size = size
    self.outcome = outcome
    self.tally = tally
    self.rejectFiles = rejectFiles
  }
}

/// What a posting wrote: the writer's own count.
package struct PostingReport: Sendable, Hashable {
  package var book: String
  package var interface: String
  package var posting: String
  package var vouchers: Int
  package var entries: Int
  /// Units of the book's smallest coin, as all amounts of this report.
  package var debits: Int128
  package var credits: Int128
  /// Tail differences (尾差) that are among them; `nil` where no document had one.
  package var absorbed: Int128?
  /// First and last voucher ID; `nil` where nothing was posted.
  package var ids: ClosedRange<String>?

  package init(
    book: String, interface: String, posting: String, vouchers: Int, entries: Int, debits: Int128,
    credits: Int128, absorbed: Int128? = nil, ids: ClosedRange<String>?
  ) {
    self.book = book
    self.interface = interface
    self.posting = posting
    self.vouchers = vouchers
    self.entries = entries
    self.debits = debits
    self.credits = credits
    self.absorbed = absorbed
    self.ids = ids
  }
}

/// What was written on one account.
package struct AccountReport: Sendable, Hashable {
  package var book: String
  package var code: String
  package var name: String
  package var debits: Int128
  package var credits: Int128

  package init(book: String, code: String, name: String, debits: Int128, credits: Int128) {
    self.book = book
    self.code = code
    self.name = name
    self.debits = debits
    self.credits = credits
  }
}

/// A document that a person must look at.
package struct DocumentNote: Sendable, Hashable {
  package var file: String
  package var line: Int
  package var key: String
  /// `rejected` or `held`.
  package var bucket: Bucket
  package var code: FindingCode
  /// The finding's message in the workspace's language.
  package var reason: String

  package init(file: String, line: Int, key: String, bucket: Bucket, code: FindingCode, reason: String) {
    self.file = file
    self.line = line
    self.key = key
    self.bucket = bucket
    self.code = code
    self.reason = reason
  }
}

/// A file that the run gives to the outbox.
package struct Publication: Sendable, Hashable {
  package var name: String
  package var size: Int64
  /// Lower-case hexadecimal digits.
  package var sha256: String

  package init(name: String, size: Int64, sha256: String) {
    self.name = name
    self.size = size
    self.sha256 = sha256
  }
}

/// The reconciliation log (对账单) of one run, as a value: nothing in it depends on host, speed or order of work.
package struct ReconciliationReport: Sendable {
  /// How many documents are listed by name.
  package static let documentLimit = 200

  package var run: Int64
  /// The run's clock, as it is to be printed.
  package var clock: String
  package var files: [FileReport]
  /// The books of each interface's whole run, in which `posted` was summed from the entries as they were written.
  package var interfaces: [Tally]
  package var postings: [PostingReport]
  package var accounts: [AccountReport]
  package var findings: FindingLog
  /// Those that are listed by name, in the order in which they were noted.
  package private(set) var documents: [DocumentNote] = []
  package private(set) var unlistedDocuments = 0
  /// What waits for a person after this run, also from earlier runs.
  package var waiting: [WaitingGroup] = []
  package var publications: [Publication]

  package init(
    run: Int64, clock: String, files: [FileReport] = [], interfaces: [Tally] = [],
    postings: [PostingReport] = [], accounts: [AccountReport] = [], findings: FindingLog = FindingLog(),
    publications: [Publication] = []
  ) {
    self.run = run
    self.clock = clock
    self.files = files
    self.interfaces = interfaces
    self.postings = postings
    self.accounts = accounts
    self.findings = findings
    self.publications = publications
  }

  /// Notes a document that a person must look at; asks for the words only where there is room to list it.
  package mutating func note(_ document: () -> DocumentNote) {
    if documents.count < Self.documentLimit {
      documents.append(document())
    } else {
      unlistedDocuments += 1
    }
  }
}
