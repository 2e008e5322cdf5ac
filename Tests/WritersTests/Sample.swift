import Definitions
import Findings
import Foundation
import Ledger

@testable import Writers

/// A small book with three accounts, two postings and whatever vouchers a test puts in.
struct Sample {
  static let receivable: Int32 = 0
  static let tax: Int32 = 1
  static let revenue: Int32 = 2

  var batch = VoucherBatch()
  var dimensions = Dimensions()
  var postings = [
    PostingContext(name: "revenue", idPrefix: "A-XS-R-"), PostingContext(name: "cost", idPrefix: "A-XS-C-"),
  ]
  var book = Book(
    name: "main", code: "A", title: "示例商贸有限公司", currency: "CNY", preparedBy: "理货员", voucherType: "记",
    chart: Chart(accounts: [
      Account(code: "1122", name: "应收账款"), Account(code: "222101", name: "应交税费-销项税额"),
      Account(code: "5001", name: "主营业务收入"), Account(code: "5401", name: "主营业务成本"),
    ]),
    currencies: [
      "CNY": Book.CurrencyWords(code: "RMB", name: "人民币"), "USD": Book.CurrencyWords(code: "USD", name: "美元"),
    ])

  var context: VoucherContext {
    VoucherContext(
      book: book, interface: "sales-issue", run: 17, postings: postings, dimensions: dimensions)
  }

  /// A set of dimensions, in the order of their first mention.
  mutating func set(_ values: KeyValuePairs<String, String>) -> Int32 {
    let values = values.map { name, code in
      Dimensions.Value(dimension: dimensions.dimension(named: name), code: dimensions.codes.intern(code))
    }
    return dimensions.intern(values.sorted { $0.dimension < $1.dimension })
  }

  mutating func add(
    _ date: String, memo: String = "销售出库", source: String = "XS-1", posting: Int32 = 0, number: Int64? = nil,
    _ entries: [Entry]
  ) {
    do {
      try batch.append(
        posting: posting, date: Day(date)!, memo: Array(memo.utf8)[...], source: Array(source.utf8)[...],
        attachments: 1,
        entries: entries)
    } catch {
      fatalError("the sample's vouchers balance: \(error)")
    }
    let index = batch.vouchers.count - 1
    batch.number(index, as: number ?? Int64(index + 1))
  }

  /// A voucher of one debit and one credit.
  mutating func add(
    _ date: String, amount: Int64, memo: String = "销售出库", source: String = "XS-1", posting: Int32 = 0,
    number: Int64? = nil, set: Int32 = 0
  ) {
    add(
      date, memo: memo, source: source, posting: posting, number: number,
      [
        Entry(account: Self.receivable, side: .debit, amount: amount, dimensions: set),
        Entry(account: Self.revenue, side: .credit, amount: amount),
      ])
  }

  /// All vouchers in one file, or more where the pattern asks for it.
  func files(_ profile: Profile, pattern: String = "{book}_{interface}_凭证_{period}_{run}.csv") -> [OutputFile]
  {
    let faults = Faults()
    let pattern = FileNamePattern.read(SourceText(pattern, at: Place(file: "m.yaml")), faults: faults)!
    return OutputFile.plan(
      Array(batch.vouchers.indices), of: batch, in: context, pattern: pattern, profile: profile.name)
  }

  func bytes(_ profile: Profile) -> [UInt8] {
    var bytes: [UInt8] = []
    var writer = ProfileWriter(profile: profile, batch: batch, context: context)
    for file in files(profile) { _ = writer.write(file) { (chunk: inout [UInt8]) in bytes += chunk } }
    return bytes
  }

  func text(_ profile: Profile) -> String { String(decoding: bytes(profile), as: UTF8.self) }

  func findings(_ profile: Profile) -> [Finding] {
    var check = ContractCheck(profile: profile, batch: batch, context: context)
    let breaches = check.breaches(of: Array(batch.vouchers.indices))
    var findings: [Finding] = []
    for breach in breaches { findings.append(check.finding(of: breach)) }
    return findings
  }
}

/// What a profile's text gives: the profile, or what is wrong with it.
func read(_ yaml: String, file: String = "p.yaml") -> (profile: Profile?, findings: [Finding]) {
  let faults = Faults()
  let node = parseDefinition(Array(yaml.utf8), file: file, faults: faults)
  let profile = node.flatMap { Profile.read($0, faults: faults) }
  return (profile, faults.findings)
}

/// A CSV profile with these columns, and further keys.
func csv(_ columns: String, _ more: String = "") -> Profile {
  let lines = columns.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
  let (profile, findings) = read(
    """
    language: 1
    profile: p
    proven_by: document none
    format: csv
    line_ends: lf
    \(more)
    columns:
    \(lines)
    """)
  guard let profile else { fatalError("the test's profile is right: \(findings)") }
  return profile
}

/// One of the workspace's own profiles.
func workspaceProfile(_ name: String) -> Profile {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let file = root.appendingPathComponent("mappings/profiles/\(name).yaml")
  guard let text = try? String(contentsOf: file, encoding: .utf8) else { fatalError("\(file.path) is there") }
  let (profile, findings) = read(text, file: "mappings/profiles/\(name).yaml")
  guard let profile else { fatalError("the workspace's profile is right: \(findings)") }
  return profile
}
