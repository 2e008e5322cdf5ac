import Findings
import Foundation
import Ledger
import Testing

@testable import Writers

/// The formats that Chinese finance systems import, byte by byte.
@Suite struct FinanceFormatTests {
  private func sample() -> Sample {
    var sample = Sample()
    sample.book.dimensionNames = ["客户": ["C001": "杭州华鑫商贸有限公司"]]
    let set = sample.set(["客户": "C001", "部门": "D01"])
    let unit = sample.dimensions.codes.intern("箱")
    sample.add(
      "2026-03-05", memo: "销售出库, XS-1",
      [
        Entry(account: Sample.receivable, side: .debit, amount: -113_00, dimensions: set),
        Entry(
          account: Sample.revenue, side: .credit, amount: -100_00, quantity: -2_000_000,
          unit: unit, dimensions: set, rule: 1),
        Entry(account: Sample.tax, side: .credit, amount: -13_00, rule: 2),
      ])
    return sample
  }

  /// A sale in dollars, whose income has a memo of its own; the customer pays at once.
  private func foreignSample() -> Sample {
    var sample = Sample()
    var detail = EntryDetail()
    detail.currency = sample.dimensions.codes.intern("USD")
    detail.rate = 710_000_000
    var income = detail
    income.memo = sample.dimensions.codes.intern("绿茶")
    let tea = sample.dimensions.intern(income)
    detail.cashFlow = sample.dimensions.codes.intern("销售收现")
    let dollars = sample.dimensions.intern(detail)
    sample.add(
      "2026-03-05", memo: "外销 WX-1", source: "WX-1",
      [
        Entry(account: Sample.receivable, side: .debit, amount: 71_00, detail: dollars, foreign: 10_00),
        Entry(account: Sample.revenue, side: .credit, amount: 71_00, detail: tea, foreign: 10_00, rule: 1),
      ])
    return sample
  }

  private func lines(_ profile: String, _ sample: Sample? = nil) throws -> [String] {
    let profile = workspaceProfile(profile)
    let bytes = (sample ?? self.sample()).bytes(profile)
    let text = try #require(
      profile.encoding == .utf8
        ? String(bytes: bytes, encoding: .utf8)
        : String(data: Data(bytes), encoding: String.Encoding(rawValue: 0x8000_0632)))
    return text.components(separatedBy: "\r\n")
  }

  @Test func u8TextHasItsFirstLineAndItsFields() throws {
    let lines = try lines("u8-text")
    #expect(
      lines == [
        "填制凭证,V800",
        "2026-03-05,记,A-XS-R-00000001,1,销售出库， XS-1,1122,-113.00,0.00,,,,理货员,,,,D01,,C001,,,",
        "2026-03-05,记,A-XS-R-00000001,1,销售出库， XS-1,5001,0.00,-100.00,-2,,,理货员,,,,D01,,C001,,,",
        "2026-03-05,记,A-XS-R-00000001,1,销售出库， XS-1,222101,0.00,-13.00,,,,理货员,,,,,,,,,", "",
      ])
  }

  @Test func k3SheetHas37ColumnsInTheirOrder() throws {
    let lines = try lines("k3-sheet")
    let captions =
      "凭证日期,会计年度,会计期间,凭证字,凭证号,科目代码,科目名称,币别代码,币别名称,原币金额,借方,贷方,制单,审核,核准,出纳,经办,结算方式,"
      + "结算号,凭证摘要,数量,数量单位,单价,参考信息,业务日期,往来业务编号,附件数,序号,系统模块,业务描述,汇率类型,汇率,分录序号,核算项目,过账,机制凭证,现金流量"
    #expect(lines[0] == captions)
    #expect(captions.split(separator: ",").count == 37)
    #expect(
      lines[2]
        == "2026-03-05,2026,3,记,1,5001,主营业务收入,RMB,人民币,-100.00,0.00,-100.00,理货员,NONE,NONE,NONE,,*,,\"销售出库, XS-1\","
        + "-2,箱,50,A-XS-R-00000001,2026-03-05,,1,1,,,公司汇率,1,1,\"客户---C001---杭州华鑫商贸有限公司\n部门---D01---\",0,,"
    )
  }

  @Test func anotherCurrencyStandsWhereEachFormatHasIt() throws {
    let u8 = try lines("u8-text", foreignSample())
    #expect(
      u8[1...2] == [
        "2026-03-05,记,A-XS-R-00000001,1,外销 WX-1,1122,71.00,0.00,,10.00,7.1,理货员,,,,,,,,,",
        "2026-03-05,记,A-XS-R-00000001,1,绿茶,5001,0.00,71.00,,10.00,7.1,理货员,,,,,,,,,",
      ])
    let k3 = try lines("k3-sheet", foreignSample()).dropLast().map { $0.components(separatedBy: ",") }
    func column(_ caption: String) -> [String] {
      let at = k3[0].firstIndex(of: caption)
      return k3.dropFirst().map { row in at.map { row[$0] } ?? "" }
    }
    #expect(column("币别代码") == ["USD", "USD"])
    #expect(column("币别名称") == ["美元", "美元"])
    #expect(column("原币金额") == ["10.00", "10.00"])
    #expect(column("汇率") == ["7.1", "7.1"])
    #expect(column("凭证摘要") == ["外销 WX-1", "绿茶"])
    #expect(column("现金流量") == ["销售收现", ""])
    let journal = try lines("hledger", foreignSample())[0].components(separatedBy: "\n")
    #expect(journal.contains("    5001 主营业务收入  CNY -71.00  ; side:credit"))
    #expect(
      journal.filter { $0.hasPrefix("    ; currency:") }
        == Array(repeating: "    ; currency:USD, rate:7.1, foreign:10.00", count: 2))
    #expect(journal.filter { $0.hasPrefix("    ; memo:") } == ["    ; memo:绿茶"])
  }

  @Test func onlineBookJoinsTypeAndNumberAndNamesDimensions() throws {
    let lines = try lines("online-book")
    #expect(lines[0].hasPrefix("日期,凭证字号,附件数,摘要,科目编码,"))
    #expect(
      lines[1].hasPrefix(
        "2026-03-05,记-1,1,\"销售出库, XS-1 A-XS-R-00000001\",1122,应收账款,-113.00,,,,RMB,1,C001,杭州华鑫商贸有限公司,"))
  }

  /// 60 bytes of GBK are 30 characters; a half one is never left, and what GBK lacks is never a question mark.
  @Test func whatDoesNotFitIsCutAndWhatCannotBeWrittenIsReplaced() throws {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1, memo: "x" + String(repeating: "摘", count: 30))
    sample.add("2026-03-05", amount: 1, memo: String(repeating: "摘", count: 30))
    sample.add("2026-03-05", amount: 1, memo: "𠮷野家")
    let profile = workspaceProfile("u8-text")
    let text = try #require(
      String(data: Data(sample.bytes(profile)), encoding: String.Encoding(rawValue: 0x8000_0632)))
    let memos = text.components(separatedBy: "\r\n").dropFirst().compactMap {
      $0.isEmpty ? nil : $0.components(separatedBy: ",")[4]
    }
    #expect(memos[0] == "x" + String(repeating: "摘", count: 29))
    #expect(memos[2] == String(repeating: "摘", count: 30))
    #expect(memos[4] == "〓野家")
    var check = ContractCheck(profile: profile, batch: sample.batch, context: sample.context)
    let breaches = check.breaches(of: [0, 1, 2])
    #expect(breaches.allSatisfy { $0.isMended })
    #expect(Set(breaches.map { [$0.voucher, Int($0.kind.rawValue)] }) == [[0, 5], [2, 6]])
    let findings = breaches.map { check.finding(of: $0) }
    #expect(Set(findings.map(\.code)) == [.valueCut, .characterReplaced])
    #expect(findings.allSatisfy { $0.severity == .warning })
  }
}
