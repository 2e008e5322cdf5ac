import Findings
import Foundation
import Readers
import State
import Testing

@testable import Batch

/// Something that people and programs do to an inbox, and what must become of it. A good file lies beside it each time.
struct InboxCase: Sendable, CustomTestStringConvertible {
  /// What is dropped, in words: as the table in docs/MAPPING.md has it.
  var what: String
  var prepare: @Sendable (Bench) throws -> Void
  /// Done when the run has planned what it takes, and hasn't taken it; the call that takes it then plans another run,
  /// which takes what was put in its place.
  var afterPlan: (@Sendable (Bench) throws -> Void)?
  /// Done when the first rows of the file are read.
  var whileRead: (@Sendable (Bench) throws -> Void)?
  /// What is left in the inbox.
  var stays: [String] = []
  var findings: [FindingCode] = []
  /// Findings that stand in the run's log.
  var logged: [FindingCode] = []
  var waiting: [WaitingFile.Reason] = []
  /// Names in the archive beside that of the good file.
  var archived: [String] = []

  var testDescription: String { what }

  static let text = Sale.file([Sale(no: "S1", rows: [Sale.Row(amount: 11300, tax: 1300, cost: 6000)])])
  static let good = Sale.file([Sale(no: "G1", rows: [Sale.Row(amount: 22600, tax: 2600, cost: 9000)])])

  static func digest(_ text: String) -> String { (try? hex(StatedDigest.of(.bytes(Array(text.utf8))))) ?? "" }

  init(
    _ what: String, stays: [String] = [], findings: [FindingCode] = [], logged: [FindingCode] = [],
    waiting: [WaitingFile.Reason] = [], archived: [String] = [],
    afterPlan: (@Sendable (Bench) throws -> Void)? = nil,
    whileRead: (@Sendable (Bench) throws -> Void)? = nil,
    _ prepare: @escaping @Sendable (Bench) throws -> Void
  ) {
    self.what = what
    self.prepare = prepare
    self.stays = stays
    self.findings = findings
    self.logged = logged
    self.waiting = waiting
    self.archived = archived
  }

  fileprivate func afterPlan(_ change: @escaping @Sendable (Bench) throws -> Void) -> InboxCase {
    var given = self
    given.afterPlan = change
    return given
  }

  fileprivate func whileRead(_ change: @escaping @Sendable (Bench) throws -> Void) -> InboxCase {
    var given = self
    given.whileRead = change
    return given
  }
}

extension Bench {
  /// Puts a file of any name into the inbox.
  func drop(_ name: [UInt8], _ text: String) throws { try drop(name, Array(text.utf8)) }

  func drop(_ name: [UInt8], _ bytes: [UInt8]) throws {
    let path = workspace.inbox / name
    let descriptor = try System.open(path, O_WRONLY | O_CREAT)
    defer { close(descriptor) }
    try System.write(bytes, to: descriptor, path)
  }

  func folder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/inbox/\(name)", withIntermediateDirectories: true)
  }

  func asksFor(_ sidecar: String) throws {
    try write(
      "mappings/sales.yaml",
      try read("mappings/sales.yaml").replacing("  format: csv", with: "  format: csv\n  sidecar: \(sidecar)")
    )
  }

  /// Changes what was taken, as somebody can who has held it open since it lay in the inbox.
  func changeTaken(_ sequence: Int, _ change: (Int32) -> Void) throws {
    let descriptor = try System.open(workspace.taken(run: 1) / String(sequence), O_RDWR)
    change(descriptor)
    close(descriptor)
  }
}

// MARK: - Names and kinds

extension InboxCase {
  private static let long = String(repeating: "长", count: 81) + ".csv"

  static let names: [InboxCase] =
    ["sales.csv.part", "sales.CSV.PART", "sales.csv.tmp", "sales.csv.crdownload", "~$sales.csv"].map { name in
      InboxCase("a name that says not yet: \(name)", stays: [name], waiting: [.named]) {
        try $0.drop(name, text)
      }
    } + [
      InboxCase("a hidden file", stays: [".sales.csv"]) { try $0.drop(".sales.csv", text) },
      InboxCase("a file in a subfolder", stays: ["-rf"], archived: ["1_-rf_März_sales-1.csv"]) {
        try $0.folder("-rf/März")
        try $0.drop("-rf/März/sales-1.csv", text)
      },
      InboxCase(
        "a folder whose name ends in .csv", stays: ["sales-x.csv"], archived: ["2_sales-x.csv_sales-1.csv"]
      ) {
        try $0.folder("sales-x.csv")
        try $0.drop("sales-x.csv/sales-1.csv", text)
      },
      InboxCase("a name with line breaks and control characters", archived: ["1_sales-\n\u{1B}[2J.csv"]) {
        try $0.drop("sales-\n\u{1B}[2J.csv", text)
      },
      InboxCase("a name that begins with a dash", stays: ["-rf"], findings: [.fileUnrecognised]) {
        try $0.drop("-rf", "nothing to post\n")
      },
      InboxCase("a name that is no UTF-8", archived: ["2_sales-\u{FFFD}.csv"]) {
        try $0.drop(Array("sales-".utf8) + [0xD6] + Array(".csv".utf8), text)
      },
      InboxCase(
        "a name of 255 bytes",
        archived: ["1_" + String(repeating: "长", count: 80) + ".csv"]
      ) {
        try $0.drop("sales---" + long, text)
      },
      InboxCase("a file of no bytes", stays: ["sales-1.csv"], findings: [.fileEmpty]) {
        try $0.drop("sales-1.csv", "")
      },
      InboxCase("a symbolic link", stays: ["sales-1.csv"], findings: [.fileNotRegular]) {
        try $0.write("elsewhere.csv", text)
        try FileManager.default.createSymbolicLink(
          atPath: $0.folder + "/inbox/sales-1.csv", withDestinationPath: $0.folder + "/elsewhere.csv")
      },
      InboxCase("a fifo", stays: ["sales-1.csv"], findings: [.fileNotRegular]) {
        #expect(mkfifo($0.folder + "/inbox/sales-1.csv", 0o600) == 0)
      },
      InboxCase("a device", stays: ["sales-1.csv"], findings: [.fileNotRegular]) {
        // The null device; only root makes one.
        let made = mknod($0.folder + "/inbox/sales-1.csv", S_IFCHR | 0o600, dev_t(1 << 8 | 3))
        if made != 0 { #expect(mkfifo($0.folder + "/inbox/sales-1.csv", 0o600) == 0) }
      },
      InboxCase("a socket", stays: ["sales-1.csv"], findings: [.fileNotRegular]) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = $0.folder + "/inbox/sales-1.csv"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
          }
        }
        #expect(bound == 0)
      },
      InboxCase(
        "the same content twice under two names",
        archived: ["2_sales-one.csv", "3_sales-two.csv"]
      ) {
        try $0.drop("sales-one.csv", text)
        try $0.drop("sales-two.csv", text)
      },
    ]
}

// MARK: - Companions

extension InboxCase {
  static let companions: [InboxCase] = [
    InboxCase(
      "a .sha256 that is right", archived: ["1_sales-1.csv", "1_sales-1.csv.sha256"]
    ) {
      try $0.drop("sales-1.csv", text)
      try $0.drop("sales-1.csv.sha256", digest(text).uppercased() + "\n")
    },
    InboxCase(
      "a .sha256 as sha256sum writes it, which the mapping asks for",
      archived: ["1_sales-1.csv", "1_sales-1.csv.sha256"]
    ) {
      try $0.asksFor("sha256")
      try $0.drop("sales-good.csv.sha256", digest(good))
      try $0.drop("sales-1.csv", text)
      try $0.drop("sales-1.csv.sha256", digest(text) + " *sales-1.csv\n")
    },
    InboxCase(
      "a .sha256 that is a link", stays: ["sales-1.csv", "sales-1.csv.sha256"],
      findings: [.fileNotRegular], waiting: [.sidecar(".sha256", isAsked: false)]
    ) {
      try $0.drop("sales-1.csv", text)
      try $0.write("elsewhere", digest(text))
      try FileManager.default.createSymbolicLink(
        atPath: $0.folder + "/inbox/sales-1.csv.sha256", withDestinationPath: $0.folder + "/elsewhere")
    },
    InboxCase(
      "a .sha256 that is wrong", stays: ["sales-1.csv", "sales-1.csv.sha256"], findings: [.sidecarMismatch]
    ) {
      try $0.drop("sales-1.csv", text)
      try $0.drop("sales-1.csv.sha256", digest(text + "x") + "  sales-1.csv\n")
    },
    InboxCase(
      "a .sha256 that holds none", stays: ["sales-1.csv", "sales-1.csv.sha256"], findings: [.sidecarMalformed]
    ) {
      try $0.drop("sales-1.csv", text)
      try $0.drop("sales-1.csv.sha256", "")
    },
    InboxCase(
      "a missing .ok that the mapping asks for", stays: ["sales-1.csv"],
      waiting: [.sidecar(".ok", isAsked: true)]
    ) {
      try $0.asksFor("ok")
      try $0.drop("sales-good.csv.ok", "")
      try $0.drop("sales-1.csv", text)
    },
    InboxCase("an .ok", archived: ["1_sales-1.csv", "1_sales-1.csv.ok"]) {
      try $0.drop("sales-1.csv", text)
      try $0.drop("sales-1.csv.ok", "")
    },
    InboxCase("a companion without its file", stays: ["sales-1.csv.sha256"], waiting: [.owner]) {
      try $0.drop("sales-1.csv.sha256", digest(text))
    },
    InboxCase(
      "a companion of a file that stays", stays: ["notes.txt", "notes.txt.ok"],
      findings: [.fileUnrecognised]
    ) {
      try $0.drop("notes.txt", "nothing to post\n")
      try $0.drop("notes.txt.ok", "")
    },
  ]
}

// MARK: - Files in work

extension InboxCase {
  private static func plain(_ bench: Bench) throws { try bench.drop("sales-1.csv", text) }

  private static func accompanied(_ bench: Bench) throws {
    try plain(bench)
    try bench.drop("sales-1.csv.ok", "")
  }

  static let inWork: [InboxCase] = [
    InboxCase("a file that grows after the plan", logged: [.fileReplaced], accompanied)
      .afterPlan { try $0.drop("sales-1.csv", text + text) },
    InboxCase("a file that is replaced after the plan", logged: [.fileReplaced], plain).afterPlan {
      try $0.remove("inbox/sales-1.csv")
      try $0.drop("sales-1.csv", text)
    },
    InboxCase(
      "a file that becomes a fifo after the plan", stays: ["sales-1.csv"], findings: [.fileNotRegular],
      logged: [.fileReplaced], plain
    ).afterPlan {
      try $0.remove("inbox/sales-1.csv")
      #expect(mkfifo($0.folder + "/inbox/sales-1.csv", 0o600) == 0)
    },
    InboxCase("a file that is deleted after the plan", logged: [.fileWithdrawn], plain)
      .afterPlan { try $0.remove("inbox/sales-1.csv") },
    InboxCase(
      "a file that grows while it is read", stays: ["sales-1.csv", "sales-1.csv.ok"], logged: [.fileReplaced],
      accompanied
    ).whileRead {
      try $0.changeTaken(1) { descriptor in
        lseek(descriptor, 0, SEEK_END)
        #expect(write(descriptor, "S2", 2) == 2)
      }
    },
    InboxCase(
      "a file that is cut off while it is read", stays: ["sales-1.csv"], logged: [.fileReplaced], plain
    ).whileRead { try $0.changeTaken(1) { #expect(ftruncate($0, 30) == 0) } },
    InboxCase(
      "a file that is put back while another of its name has come",
      stays: ["sales-1.csv", "sales-1.csv.returned-000001"], logged: [.fileReplaced], plain
    ).whileRead {
      try $0.changeTaken(1) { #expect(ftruncate($0, 30) == 0) }
      try $0.drop("sales-1.csv", text)
    },
  ]

  static let all = names + companions + inWork
}
