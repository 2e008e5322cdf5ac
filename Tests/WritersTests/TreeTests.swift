import Findings
import Foundation
import FoundationXML
import Ledger
import Testing

@testable import Writers

/// XML formats: what is written is what another parser reads, in every encoding.
@Suite struct TreeTests {
  private func profile(_ tree: String, _ more: String = "") throws -> Profile {
    let (profile, findings) = read(
      "language: 1\nprofile: p\nproven_by: document none\nformat: xml\n\(more)\ntree:\n"
        + tree.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    #expect(findings.isEmpty, "\(findings)")
    return try #require(profile)
  }

  private static let tree = """
    v:book:
      "@xmlns:v": '"urn:v"'
      "@of": voucher.book
      v:voucher:
        each: voucher
        "@id": voucher.id
        memo: voucher.memo
        lines:
          line:
            each: entry
            account: entry.account
            debit: entry.debit
            aux:
              empty: leave-out
              item:
                - { "@name": '"dept"', ".": entry.dimension("部门") }
                - { "@name": '"cust"', ".": entry.dimension("客户") }
    """

  private func sample(_ memo: String = "a < b & \"c\" ]]> 'd'") -> Sample {
    var sample = Sample()
    let set = sample.set(["客户": "C<1>"])
    sample.add("2026-03-05", amount: 113_00, memo: memo, set: set)
    sample.add("2026-03-06", amount: -5, memo: "第二张")
    return sample
  }

  @Test func isWrittenElementByElement() throws {
    // Versions of libxml2 differ in whether a quote within a text is escaped.
    let text = try sample().text(profile(Self.tree)).replacing("&quot;", with: "\"")
    #expect(
      text == """
        <?xml version="1.0" encoding="UTF-8"?>
        <v:book xmlns:v="urn:v" of="main">
         <v:voucher id="A-XS-R-00000001">
          <memo>a &lt; b &amp; "c" ]]&gt; 'd'</memo>
          <lines>
           <line>
            <account>1122</account>
            <debit>113.00</debit>
            <aux>
             <item name="cust">C&lt;1&gt;</item>
            </aux>
           </line>
           <line>
            <account>5001</account>
            <debit>0.00</debit>
           </line>
          </lines>
         </v:voucher>
         <v:voucher id="A-XS-R-00000002">
          <memo>第二张</memo>
          <lines>
           <line>
            <account>1122</account>
            <debit>-0.05</debit>
           </line>
           <line>
            <account>5001</account>
            <debit>0.00</debit>
           </line>
          </lines>
         </v:voucher>
        </v:book>

        """)
  }

  /// What an encoding lacks is a reference: no character is lost, and none refused.
  @Test(arguments: ["utf-8", "gbk", "gb18030"]) func anotherParserReadsTheSame(_ encoding: String) throws {
    let memo = "龘𠮷é \u{2028} 〓 & <x> \"q\""
    let sample = sample(memo)
    let profile = try profile(Self.tree, "encoding: \(encoding)")
    #expect(sample.findings(profile).isEmpty)
    let document = try XMLDocument(data: Data(sample.bytes(profile)))
    let memos = try document.nodes(forXPath: "//memo").map(\.stringValue)
    #expect(memos == [memo, "第二张"])
  }

  @Test func emptyElementsAreKeptOrLeftOut() throws {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1, memo: "")
    let tree = """
      r:
        v:
          each: voucher
          "@memo": voucher.memo
          memo: voucher.memo
          nothing: { "@memo": voucher.memo }
          e: { each: entry, unit: entry.unit }
      """
    let kept = try sample.text(profile(tree))
    #expect(
      kept.contains("<v memo=\"\">") && kept.contains("<memo/>") && kept.contains("<nothing memo=\"\"/>"))
    #expect(kept.ranges(of: "<unit/>").count == 2)
    let left = try sample.text(profile(tree, "empty: leave-out"))
    #expect(left == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    let mixed = try sample.text(
      profile(tree.replacing("e: { each: entry,", with: "e: { each: entry, empty: keep,"), "empty: leave-out")
    )
    #expect(mixed.contains("<v>") && !mixed.contains("memo") && mixed.ranges(of: "<unit/>").count == 2)
  }

  /// Control characters become spaces, as in every format of lines; what XML can't hold at all is refused.
  @Test func charactersThatXMLCannotHold() throws {
    let profile = try profile(Self.tree)
    #expect(sample("a\u{1}b\tc").findings(profile).isEmpty)
    #expect(
      try XMLDocument(data: Data(sample("a\u{1}b\tc").bytes(profile))).nodes(forXPath: "//memo")[0]
        .stringValue == "a b c")
    let findings = sample("a\u{FFFF}").findings(profile)
    #expect(findings.map(\.code) == [.characterUnwritable])
    #expect(findings.first?.severity == .reject)
  }

  @Test func itsOwnCountIsThatOfTheVouchers() throws {
    let sample = sample()
    let profile = try profile(Self.tree)
    var writer = ProfileWriter(profile: profile, batch: sample.batch, context: sample.context)
    var pieces = 0
    let totals = writer.write(sample.files(profile)[0]) { (_: inout [UInt8]) in pieces += 1 }
    #expect(pieces > 0)
    #expect(totals.vouchers == [2, 0])
    #expect(totals.numbers[0] == 1...2)
  }

  /// 用友 U8 EAI: the amounts in the book's currency beside those in the entry's own.
  @Test func u8EAIHasItsElements() throws {
    var sample = Sample()
    sample.book.dimensionNames = [:]
    let set = sample.set(["客户": "C001", "部门": "D01"])
    var detail = EntryDetail()
    detail.currency = sample.dimensions.codes.intern("USD")
    detail.rate = 710_000_000
    let dollars = sample.dimensions.intern(detail)
    sample.add(
      "2026-03-05", memo: "外销 WX-1", source: "WX-1",
      [
        Entry(
          account: Sample.receivable, side: .debit, amount: 71_00, detail: dollars,
          foreign: 10_00, dimensions: set),
        Entry(account: Sample.revenue, side: .credit, amount: 71_00, quantity: 2_000_000, rule: 1),
      ])
    let document = try XMLDocument(data: Data(sample.bytes(workspaceProfile("u8-eai"))))
    func texts(_ path: String) throws -> [String] {
      try document.nodes(forXPath: path).map { $0.stringValue ?? "" }
    }
    #expect(try texts("/ufinterface/@roottag") == ["voucher"])
    #expect(try texts("//voucher/@id") == ["A-XS-R-00000001"])
    #expect(try texts("//voucher_head/fiscal_year") == ["2026"])
    #expect(try texts("//voucher_head/accounting_period") == ["3"])
    #expect(try texts("//entry/account_code") == ["1122", "5001"])
    #expect(try texts("//entry/currency") == ["美元", "人民币"])
    #expect(try texts("//entry/exchange_rate1") == ["7.1", "1"])
    #expect(try texts("//entry/primary_debit_amount") == ["10.00", "0.00"])
    #expect(try texts("//entry/natural_debit_currency") == ["71.00", "0.00"])
    #expect(try texts("//entry/primary_credit_amount") == ["0.00", "71.00"])
    #expect(try texts("//entry/natural_credit_currency") == ["0.00", "71.00"])
    #expect(try texts("//entry/credit_quantity") == ["0", "2"])
    #expect(try texts("//entry/auxiliary_accounting/item[@name='cust_id']") == ["C001"])
    #expect(try texts("//entry/auxiliary_accounting/item/@name") == ["dept_id", "cust_id"])
    #expect(try texts("//entry[2]/auxiliary_accounting").isEmpty)
  }
}
