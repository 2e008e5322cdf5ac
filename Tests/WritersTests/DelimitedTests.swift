import Ledger
import Testing

@testable import Writers

@Suite struct DelimitedTests {
  @Test func workspaceCSVIsPinned() {
    var sample = Sample()
    let set = sample.set(["客户": "C001", "部门": "D01"])
    let unit = sample.dimensions.codes.intern("箱")
    sample.add(
      "2026-03-05", memo: "销售出库 XS-1", source: "XS-1",
      [
        Entry(account: Sample.receivable, side: .debit, amount: 113_00, dimensions: set),
        Entry(
          account: Sample.revenue, side: .credit, amount: 100_00, quantity: 3_000_000, unit: unit, rule: 1),
        Entry(account: Sample.tax, side: .credit, amount: 13_00, rule: 2),
      ])
    sample.add("2026-03-06", amount: -20_50, memo: "退货", source: "XT-1")
    let expected = """
      \u{FEFF}业务号,日期,会计期间,凭证字,凭证号,附单据数,分录号,摘要,科目编码,科目名称,借方金额,贷方金额,数量,单位,单价,币别,汇率,外币金额,客户,部门,仓库,辅助核算,拆分项,现金流量,制单人,来源单据,账套
      A-XS-R-00000001,2026-03-05,2026-03,记,1,1,1,销售出库 XS-1,1122,应收账款,113.00,,,,,CNY,,,C001,D01,,客户:C001; 部门:D01,,,理货员,XS-1,main
      A-XS-R-00000001,2026-03-05,2026-03,记,1,1,2,销售出库 XS-1,5001,主营业务收入,,100.00,3,箱,33.333333,CNY,,,,,,,,,理货员,XS-1,main
      A-XS-R-00000001,2026-03-05,2026-03,记,1,1,3,销售出库 XS-1,222101,应交税费-销项税额,,13.00,,,,CNY,,,,,,,,,理货员,XS-1,main
      A-XS-R-00000002,2026-03-06,2026-03,记,2,1,1,退货,1122,应收账款,-20.50,,,,,CNY,,,,,,,,,理货员,XT-1,main
      A-XS-R-00000002,2026-03-06,2026-03,记,2,1,2,退货,5001,主营业务收入,,-20.50,,,,CNY,,,,,,,,,理货员,XT-1,main

      """
    #expect(
      sample.text(workspaceProfile("voucher-csv"))
        == expected.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"))
  }

  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"so\"", "\"say \"\"so\"\"\""),
    ("two\nlines", "\"two\nlines\""),
    ("=1+1", "'=1+1"), ("+86", "'+86"), ("-x", "'-x"), ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "'\tx"),
    ("\rx", "\"'\rx\""), ("=A,B", "\"'=A,B\""), ("a=b", "a=b"), ("００７", "００７"), ("0100", "0100"),
    ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"), (" =1", "' =1"), ("\u{3000}@x", "'\u{3000}@x"),
    ("\u{FEFF}=1", "'\u{FEFF}=1"), ("\u{200B}+1", "'\u{200B}+1"), ("\u{202E}=1", "'\u{202E}=1"),
    ("＝1+1", "'＝1+1"), ("＋1", "'＋1"), ("－x", "'－x"), ("＠x", "'＠x"), ("\nx", "\"'\nx\""),
    ("-12.50", "-12.50"), ("-1.5.2", "'-1.5.2"), ("-", "'-"), ("-.5", "'-.5"), ("--1", "'--1"),
    ("-1+1", "'-1+1"),
    ("（-1）", "（-1）"), ("：=", "：="),
  ])
  func textIsQuotedAndGuarded(_ memo: String, _ cell: String) {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1, memo: memo)
    let text = sample.text(csv("M: entry.memo\nN: entry.line"))
    #expect(text == "M,N\n\(cell),1\n\(cell),2\n")
  }

  @Test func negativeNumbersAreNotGuarded() {
    var sample = Sample()
    sample.add("2026-03-05", amount: -100)
    #expect(
      sample.text(csv("D: entry.debit\nA: entry.amount\nT: '\"{entry.debit}\"'"))
        == "D,A,T\n-1.00,-1.00,-1.00\n0.00,1.00,0.00\n")
  }

  @Test func guardCanBeTurnedOff() {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1, memo: "=x")
    #expect(sample.text(csv("M: voucher.memo", "formula_guard: no")) == "M\n=x\n=x\n")
  }

  @Test(arguments: [("\";\"", "a,b;\"c;d\""), ("tab", "a,b\tc;d"), ("\"|\"", "a,b|c;d")])
  func delimiterIsTheProfiles(_ delimiter: String, _ row: String) {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1, memo: "a,b", source: "c;d")
    let text = sample.text(csv("M: voucher.memo\nS: voucher.source", "delimiter: \(delimiter)\nheader: no"))
    #expect(text == row + "\n" + row + "\n")
  }

  @Test func choicesTakeTheFirstThatIsNotEmpty() {
    var sample = Sample()
    let known = sample.set(["customer": "C7"])
    sample.add("2026-03-05", amount: 1, set: known)
    let columns = """
      A: entry.dimension("客户") ?? entry.dimension("customer") ?? "none"
      B: '"{entry.dimension("customer") ?? "–"}/{voucher.type}"'
      C: '"{{{entry.line}}}"'
      """
    #expect(sample.text(csv(columns)) == "A,B,C\nC7,C7/记,{1}\nnone,–/记,{2}\n")
  }

  @Test func replacementsReachValuesOnly() {
    var sample = Sample()
    let set = sample.set(["客户": "a;b", "部门": "c"])
    sample.add("2026-03-05", amount: 1, memo: "x;y", set: set)
    let profile = csv(
      "M: '\"{voucher.memo};\"'\nD: entry.dimensions",
      "dimension_separator: \";\"\nreplace: { \";\": \"；\" }\nheader: no")
    #expect(sample.text(profile) == "x；y;,客户:a；b;部门:c\nx；y;,\n")
  }

  /// Amount, quantity, and the price that is written of them.
  @Test(arguments: [
    (100_00, 3_000_000, "33.333333"), (200_00, 3_000_000, "66.666667"), (-200_00, -3_000_000, "66.666667"),
    (-200_00, 3_000_000, "-66.666667"), (100_00, 4_000_000, "25"), (1, 2_000_000, "0.005"), (100_00, 0, ""),
    (Int.max, 1_000_000, "92233720368547758.07"), (100, 8_000_000_000_000, "0"),
    (100, 2_000_000_000_000, "0.000001"),
  ])
  func priceIsAmountByQuantity(_ amount: Int, _ quantity: Int, _ price: String) {
    var sample = Sample()
    sample.add(
      "2026-03-05",
      [
        Entry(account: 0, side: .debit, amount: Int64(amount), quantity: Int64(quantity)),
        Entry(account: 2, side: .credit, amount: Int64(amount)),
      ])
    #expect(sample.text(csv("P: entry.price", "header: no")) == "\(price)\n\n")
  }

  @Test func decimalsRoundHalfAwayFromZero() {
    var sample = Sample()
    sample.add(
      "2026-03-05",
      [
        Entry(account: 0, side: .debit, amount: 10, quantity: 2_500_000),
        Entry(account: 0, side: .debit, amount: -10, quantity: -2_500_000),
        Entry(account: 0, side: .debit, amount: 0, quantity: 1_234_560),
      ])
    let columns = """
      Q0: { value: entry.quantity, decimals: 0 }
      Q8: { value: entry.quantity, decimals: 8 }
      Q: entry.quantity
      D: { value: entry.debit, decimals: 3, zero: empty }
      """
    #expect(
      sample.text(csv(columns, "header: no"))
        == "3,2.50000000,2.5,0.100\n-3,-2.50000000,-2.5,-0.100\n1,1.23456000,1.23456,\n")
  }

  @Test func bytesGoOutInChunksThatMakeTheSameFile() {
    var sample = Sample()
    for index in 1...20_000 { sample.add("2026-03-05", amount: Int64(index), memo: "第 \(index) 张") }
    let profile = csv("M: voucher.memo\nI: voucher.id\nA: entry.account_name\nD: entry.debit")
    var chunks: [Int] = []
    var writer = ProfileWriter(profile: profile, batch: sample.batch, context: sample.context)
    for file in sample.files(profile) {
      _ = writer.write(file) { (chunk: inout [UInt8]) in chunks.append(chunk.count) }
    }
    #expect(chunks.count > 1)
    let text = sample.text(profile)
    #expect(text.utf8.count == chunks.reduce(0, +))
    let lines = text.split(separator: "\n")
    #expect(lines.count == 40_001)
    #expect(lines.last == "第 20000 张,A-XS-R-00020000,主营业务收入,0.00")
  }
}
