import Findings
import Ledger
import Testing

@testable import Writers

@Suite struct ContractTests {
  @Test func lengthIsInTheTargetsBytes() {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1, memo: "摘要摘")
    let columns = "摘要: entry.memo"
    #expect(sample.findings(csv(columns, "contract: { 摘要: { bytes_max: 6 } }\nencoding: gbk")).isEmpty)
    let findings = sample.findings(csv(columns, "contract: { 摘要: { bytes_max: 6 } }"))
    #expect(findings.map(\.code) == [.contractBreach])
    #expect(findings.first?.arguments == ["p", "摘要", "摘要摘", "bytes_max 6"])
    #expect(findings.first?.severity == .reject)
    #expect(findings.first?.place.line == 6)
  }

  @Test func theGuardCountsAsItReachesTheImporter() {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1, memo: "=23456")
    #expect(sample.findings(csv("M: voucher.memo", "contract: { M: { bytes_max: 6 } }")).count == 1)
    #expect(sample.findings(csv("M: voucher.memo", "contract: { M: { bytes_max: 7 } }")).isEmpty)
  }

  @Test func forbiddenAndRequired() {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1, memo: "a\nb")
    sample.add("2026-03-05", amount: 1, memo: "")
    sample.add("2026-03-05", amount: 1, memo: "ab")
    let profile = csv("M: voucher.memo", "contract: { M: { forbidden: [\"\\n\", \"abc\"], required: yes } }")
    #expect(sample.findings(profile).map { $0.arguments[3] } == ["forbidden \"␊\"", "required"])
  }

  @Test func requiredDimensionOfAnEntry() {
    var sample = Sample()
    let set = sample.set(["客户": "C1"])
    sample.add("2026-03-05", amount: 1, set: set)
    let profile = csv("客户: entry.dimension(\"客户\")", "contract: { 客户: { required: yes } }")
    var check = ContractCheck(profile: profile, batch: sample.batch, context: sample.context)
    #expect(check.breaches(of: [0]) == [Breach(voucher: 0, entry: 1, rule: 0, kind: .missing)])
  }

  @Test(arguments: [(999_99, 0), (1_000_00, 1), (-1, 2)])
  func rangeIsChecked(_ amount: Int, _ count: Int) {
    var sample = Sample()
    sample.add("2026-03-05", amount: Int64(amount))
    let profile = csv(
      "D: { value: entry.debit, zero: empty }\nC: { value: entry.credit, zero: empty }",
      "contract: { D: { range: [0, 999.99] }, C: { range: [0, 1000] } }")
    #expect(sample.findings(profile).count == count)
  }

  @Test func aPathCanBeRuledWithoutAColumn() {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1)
    sample.add("2026-03-05", Array(repeating: Entry(account: 0, side: .debit, amount: 0), count: 3))
    let profile = csv("L: entry.line", "contract: { voucher.entries: { range: [1, 2] } }")
    var check = ContractCheck(profile: profile, batch: sample.batch, context: sample.context)
    let breaches = check.breaches(of: [0, 1])
    #expect(breaches == [Breach(voucher: 1, entry: nil, rule: 0, kind: .outOfRange)])
    #expect(check.finding(of: breaches[0]).arguments == ["p", "voucher.entries", "3", "range 1…2"])
  }

  @Test func profileWithoutRulesFindsNothing() {
    var sample = Sample()
    sample.add("2026-03-05", amount: 1, memo: "任何\n文字")
    #expect(sample.findings(workspaceProfile("voucher-csv")).isEmpty)
  }
}
