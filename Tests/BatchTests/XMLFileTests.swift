import Findings
import Foundation
import FoundationXML
import Testing

@testable import Batch

/// The trial sales as XML: the same vouchers, rejects, holds and books as from CSV.
@Suite struct XMLFileTests {
  private static let sales = [
    Sale(
      no: "S1",
      rows: [
        Sale.Row(amount: 11300, tax: 1300, cost: 6000),
        Sale.Row(kind: "service", amount: 1060, tax: 60, cost: 0),
      ]),
    Sale(no: "H1", buyer: "C9", rows: [Sale.Row(amount: 5650, tax: 650, cost: 3000)]),
    Sale(no: "R1", rows: [Sale.Row(amount: nil)]),
    Sale(no: "S2", day: "2026-02-28", rows: [Sale.Row(amount: -11300, tax: -1300, cost: -6000)]),
    Sale(no: "P1", buyer: "C2", rows: [Sale.Row(amount: 5650, tax: 650)]),
  ]

  /// The mapping of the trial sales, for files in which a sale is an element with lines.
  func bench() throws -> Bench {
    let bench = try Bench()
    var mapping = try bench.read("mappings/sales.yaml")
    for (old, new) in [
      ("files: [\"sales*.csv\"]", "files: [\"sales*.xml\"]"), ("format: csv", "format: xml"),
      ("encoding: utf-8", "namespaces: { s: \"urn:sales\" }\n  document: /s:sales/s:sale\n  record: s:line"),
      ("= no", "= `../@no`"), ("= day", "= `../s:day`"), ("= state", "= `../@state`"),
      ("= buyer", "= `../s:buyer`"),
      ("= class", "= `s:class`"), ("= quantity", "= `s:quantity`"), ("= unit_name", "= `s:quantity/@unit`"),
      ("= amount", "= `s:amount`"), ("= tax_amount", "= `s:tax`"), ("= cost_amount", "= `s:cost`"),
    ] {
      try #require(mapping.contains(old))
      mapping = mapping.replacing(old + "\n", with: new + "\n")
    }
    try bench.write("mappings/sales.yaml", mapping)
    return bench
  }

  func xml(_ sales: [Sale], prefix: String = "", space: String = "\n") -> String {
    let name = prefix.isEmpty ? "" : prefix + ":"
    func element(_ tag: String, _ text: String) -> String { "<\(name)\(tag)>\(text)</\(name)\(tag)>" }
    let bodies = sales.map { sale in
      let lines = sale.rows.map { row in
        "<\(name)line>" + element("class", row.kind)
          + "<\(name)quantity unit='box'>\(row.quantity)</\(name)quantity>"
          + element("amount", row.amount.map(money) ?? "12x.00") + element("tax", money(row.tax))
          + (row.cost.map { element("cost", money($0)) } ?? "") + "</\(name)line>" + space
      }
      return "<\(name)sale no='\(sale.no)' state='\(sale.state)'>" + element("day", sale.day) + lines.joined()
        + element("buyer", sale.buyer) + "</\(name)sale>" + space
    }
    return "<?xml version='1.0'?>" + space
      + "<\(name)sales xmlns\(prefix.isEmpty ? "" : ":" + prefix)='urn:sales'>" + space
      + bodies.joined() + "</\(name)sales>"
  }

  private func plainVouchers(_ files: [Sale]...) throws -> [[VoucherLine]] {
    let bench = try Bench()
    for (number, sales) in files.enumerated() {
      try bench.drop("sales-\(number).csv", Sale.file(sales))
      try bench.run()
    }
    return try bench.vouchers().withoutIDs
  }

  @Test func theSameVouchersAsFromATable() throws {
    let wanted = try plainVouchers(Self.sales)
    for (prefix, space) in [("", "\n"), ("a", "\n\t"), ("", ""), ("s", "\n\n<!-- a remark --> ")] {
      let bench = try bench()
      try bench.drop("sales-1.xml", xml(Self.sales, prefix: prefix, space: space))
      try bench.run()
      #expect(try bench.vouchers().withoutIDs == wanted)
      let log = try bench.log(run: 1)
      #expect(["read", "posted", "rejected", "held"].map { log.amount("documents", $0) } == [5, 3, 1, 1])
      #expect(log.differences.allSatisfy { $0.allSatisfy { $0 == "0" || $0 == "." } })
      #expect(try bench.verify().findings.isEmpty)
    }
  }

  @Test func placesAreThoseOfTheFile() throws {
    let bench = try bench()
    try bench.drop("sales-1.xml", xml(Self.sales))
    let outcome = try bench.run()
    #expect(outcome.exitCode == 10)
    // <?xml ?>, <sales>, S1 with two lines, H1, then R1 and its line: the sale's own line ends behind its day.
    let rejects = try WaitingList.rejected(bench.workspace, now: try #require(RunClock(fixed: Bench.clock)))
    #expect(rejects.rejects.map(\.line) == [8])
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains("sales-1.xml:8"))
  }

  /// What was rejected comes back as XML, is mended and dropped again; what was held leaves hold by itself.
  @Test func rejectsAndHoldsComeToTheirEnd() throws {
    let bench = try bench()
    try bench.drop("sales-1.xml", xml(Self.sales))
    try bench.run()
    let name = try #require(bench.files(in: "outbox").first { $0.contains("rejects") })
    #expect(name.hasSuffix(".xml"))
    try bench.drop("mended.xml", try bench.read("outbox/" + name).replacing("12x.00", with: "22.60"))
    try bench.write(
      "mappings/tables/customers.csv", "code,name\nC1,Huaxin\nC2,Jinyuan\nC3,Tiancheng\nC9,Hengda\n")
    let end = try bench.run()
    #expect(end.exitCode == 0)
    #expect(try bench.vouchers().debits("1122") == 11300 + 1060 + 5650 + 2260 - 11300 + 5650)
    try bench.drop("sales-2.xml", xml(Self.sales.filter { $0.no != "R1" }))
    try bench.run()
    #expect(try bench.log(run: 3).amount("documents", "repeated") == 4)
    #expect(try bench.verify().findings.isEmpty)
  }

  private func rejectFile(_ bench: Bench) throws -> String {
    try bench.read("outbox/" + #require(bench.files(in: "outbox").last { $0.contains("rejects") }))
  }

  /// The rejected document alone, under the file's own prefixes, with the reasons on the document and on each line.
  @Test(arguments: ["", "a"]) func aRejectIsWellFormedAndSaysWhy(_ prefix: String) throws {
    let bench = try bench()
    var sales = Self.sales
    sales[2].rows.append(Sale.Row(amount: 1130, tax: 130, cost: 600))
    try bench.drop("sales-1.xml", xml(sales, prefix: prefix, space: prefix.isEmpty ? "" : "\n"))
    #expect(try bench.run().exitCode == 10)
    let text = try rejectFile(bench)
    let document = try XMLDocument(xmlString: text)
    let sales1 = try #require(document.rootElement())
    #expect(sales1.uri == "urn:sales")
    #expect(sales1.attribute(forLocalName: "interface", uri: "urn:tallyman:reject")?.stringValue == "sales")
    let elements = (sales1.children ?? []).compactMap { $0 as? XMLElement }
    #expect(elements.count == 1)
    #expect(text.contains("no=\"R1\""))
    func reject(_ element: XMLElement, _ name: String) -> String? {
      element.attribute(forLocalName: name, uri: "urn:tallyman:reject")?.stringValue
    }
    let lines = (elements[0].children ?? []).compactMap { $0 as? XMLElement }.filter {
      $0.localName == "line"
    }
    #expect(lines.map { reject($0, "number") } == ["T-SA-RJ-00000001", "T-SA-RJ-00000001"])
    #expect(lines.map { reject($0, "code") } == ["bad-number", "row-of-rejected"])
    #expect(reject(lines[0], "reason")?.contains("12x.00") == true)
    #expect(reject(elements[0], "number") == "T-SA-RJ-00000001")
    // Half mended it comes again under the same number, and with nothing of the first reject left in it.
    try bench.drop("x.xml", text.replacing("12x.00", with: "12y.00"))
    #expect(try bench.run().exitCode == 10)
    let again = try rejectFile(bench)
    #expect(again.contains("12y.00"))
    #expect(again.replacing("12y.00", with: "12x.00").count == text.count)
    #expect(
      try WaitingList.rejected(bench.workspace, now: try #require(RunClock(fixed: Bench.clock))).rejects.map(
        \.number) == ["T-SA-RJ-00000001"])
    try bench.drop("y.xml", again.replacing("12y.00", with: "22.60"))
    try bench.run()
    #expect(
      try WaitingList.rejected(bench.workspace, now: try #require(RunClock(fixed: Bench.clock))).rejects
        .isEmpty)
    #expect(try bench.vouchers().debits("1122") == 11300 + 1060 + 5650 - 11300 + 2260 + 1130)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// A line that was lost in the editor would post half a document.
  @Test func aRejectThatLostALineIsRejectedAgain() throws {
    let bench = try bench()
    var sale = Self.sales[2]
    sale.rows.append(Sale.Row(amount: 1130, tax: 130, cost: 600))
    try bench.drop("sales-1.xml", xml([sale]))
    try bench.run()
    let text = try rejectFile(bench)
    let start = try #require(text.ranges(of: "<line").last)
    let end = try #require(text.ranges(of: "</line>").last)
    try bench.drop(
      "x.xml",
      text.replacingCharacters(in: start.lowerBound..<end.upperBound, with: "").replacing(
        "12x.00", with: "22.60"))
    #expect(try bench.run().exitCode == 10)
    #expect(try bench.vouchers().isEmpty)
    #expect(try rejectFile(bench).contains("reject-rows-changed"))
  }

  /// A sale in two elements would be posted with both amounts; the same one twice as well.
  @Test(arguments: [true, false]) func anElementBoundsTheDocument(_ isSame: Bool) throws {
    let bench = try bench()
    var first = Self.sales[0]
    var rest = first
    if !isSame {
      first.rows.removeLast()
      rest.rows.removeFirst()
    }
    try bench.drop("sales-1.xml", xml([first, Self.sales[4], rest]))
    #expect(try bench.run().exitCode == 10)
    #expect(try bench.vouchers().withoutIDs == plainVouchers([Self.sales[4]]))
    let text = try rejectFile(bench)
    #expect(text.contains("xml-document-twice"))
    // One of them is taken out, and the reject number with it comes to its end.
    let start = try #require(text.ranges(of: "<sale").last { !text[$0.lowerBound...].hasPrefix("<sales") })
    let end = try #require(text.ranges(of: "</sale>").last)
    try bench.drop("x.xml", text.replacingCharacters(in: start.lowerBound..<end.upperBound, with: ""))
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.vouchers().withoutIDs == plainVouchers([Self.sales[4]], [first]))
    #expect(
      try WaitingList.rejected(bench.workspace, now: try #require(RunClock(fixed: Bench.clock))).rejects
        .isEmpty)
  }

  /// A file that can't be read at all goes back as well, and a released document that is rejected makes itself heard.
  @Test(arguments: [
    "<!DOCTYPE sales><sales xmlns='urn:sales'/>",
    "<?xml version='1.0' encoding='GB18030'?><sales xmlns='urn:sales'>\u{FFFF}锟\u{20AC}",
    "<sales xmlns='urn:sales'><order/></sales>", "<sales xmlns='urn:sales'>&nbsp;</sales>",
  ])
  func whatCannotBeReadGoesBack(_ text: String) throws {
    let bench = try bench()
    try bench.drop("sales-1.xml", text)
    #expect(try bench.run().exitCode == 10)
    let back = try #require(bench.files(in: "outbox").first { $0.contains("rejects") })
    #expect(try bench.read("outbox/" + back) == text)
    #expect(bench.files(in: "inbox").isEmpty)
  }

  /// What stands around documents comes back letter by letter.
  @Test func textAroundDocumentsIsKept() throws {
    let bench = try bench()
    try bench.drop(
      "sales-1.xml",
      xml([Self.sales[2], Self.sales[0]]).replacing(
        "<sale no='R1'", with: "<org>A &amp; &quot;B&quot; &lt;x&gt; <b>X</b> <b>Y</b> C</org>\n<sale no='R1'"
      ))
    try bench.run()
    let document = try XMLDocument(xmlString: rejectFile(bench))
    #expect(
      try document.nodes(forXPath: "//*[local-name()='org']").map(\.stringValue) == ["A & \"B\" <x> X Y C"])
  }

  /// A document that goes on in another file has an element in each, and is posted once it is whole.
  @Test func aDocumentInTwoFilesIsPutTogether() throws {
    let bench = try bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("  start: 2026-01-01\n", with: "  start: 2026-01-01\n  complete: count() == 2\n"))
    var first = Self.sales[0]
    var rest = first
    first.rows.removeLast()
    rest.rows.removeFirst()
    let other = Sale(
      no: "O1", rows: [Sale.Row(amount: 100, tax: 0, cost: 0), Sale.Row(amount: 200, tax: 0, cost: 0)])
    try bench.drop("sales-1.xml", xml([first]))
    try bench.run()
    #expect(try bench.vouchers().isEmpty)
    try bench.drop("sales-2.xml", xml([other, rest]))
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.vouchers().debits("1122") == 300 + 11300 + 1060)
    #expect(try bench.verify().findings.isEmpty)
  }

  /// Where each record is an element at the same depth, a sale may be scattered over the file.
  @Test func scatteredRecords() throws {
    let bench = try bench()
    var mapping = try bench.read("mappings/sales.yaml")
    mapping = mapping.replacing("/s:sales/s:sale\n  record: s:line", with: "/s:sales/s:sale\n  record: .")
    for name in ["@no", "s:day", "@state", "s:buyer"] {
      mapping = mapping.replacing("`../\(name)`", with: "`\(name)`")
    }
    for name in ["class", "quantity", "quantity/@unit", "amount", "tax", "cost"] {
      mapping = mapping.replacing("`s:\(name)`", with: "`s:line/s:\(name)`")
    }
    try bench.write("mappings/sales.yaml", mapping)
    var first = Self.sales[0]
    var rest = first
    first.rows.removeLast()
    rest.rows.removeFirst()
    try bench.drop("sales-1.xml", xml([first, Self.sales[4], rest]))
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.vouchers().withoutIDs == plainVouchers([Self.sales[0], Self.sales[4]]))
  }

  @Test func aBrokenFileIsRejectedAsAWhole() throws {
    let bench = try bench()
    let whole = xml(Self.sales)
    try bench.drop("sales-1.xml", String(whole.prefix(whole.count - 40)))
    let outcome = try bench.run()
    #expect(outcome.exitCode == 10)
    #expect(try bench.vouchers().isEmpty)
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains("xml-truncated"))
    // It goes back as it is: nobody can say what belongs to a document.
    let back = try #require(bench.files(in: "outbox").first { $0.contains("rejects") })
    #expect(back.hasSuffix(".raw"))
    #expect(try bench.read("outbox/" + back) == String(whole.prefix(whole.count - 40)))
    // Nothing of it is known: the whole file is as new.
    try bench.drop("sales-2.xml", whole)
    try bench.run()
    #expect(try bench.vouchers().withoutIDs == plainVouchers(Self.sales))
  }

  @Test func anotherRootIsNotTaken() throws {
    let bench = try bench()
    try bench.drop("sales-1.xml", xml(Self.sales).replacing("urn:sales", with: "urn:purchases"))
    try bench.drop("other.xml", xml(Self.sales))
    let outcome = try bench.run()
    #expect(outcome.runs.isEmpty)
    #expect(Set(outcome.findings.map(\.code)) == [.fileUnrecognised, .xmlRootOther, .fileWrongKind])
  }

  /// What one reader of a file takes all take: a rejected document goes back, however long a comment the file begins with.
  @Test(arguments: [100_000, 260_000, 330_000, 600_000]) func aLongCommentBeforeRejectedDocuments(
    _ length: Int
  ) throws {
    let bench = try bench()
    let comment = "<!--\(String(repeating: "x", count: length))-->"
    let text = xml(Self.sales)
    let root = try #require(text.range(of: "<sale "))
    try bench.drop("sales-1.xml", text[..<root.lowerBound] + comment + text[root.lowerBound...])
    #expect(try bench.run().exitCode == 10)
    let posted = try bench.vouchers().filter { $0.id.contains("-R-") }.map(\.source)
    #expect(Set(posted) == (length < 300_000 ? ["S1", "S2", "P1"] : []))
    #expect(bench.files(in: "outbox").contains { $0.contains("rejects") })
    #expect(try bench.verify().findings.isEmpty)
  }

  /// A spreadsheet that is broken before its header is rejected with its place, and brings nothing down.
  @Test(arguments: [
    ("<!DOCTYPE Workbook>", "xml-doctype"),
    ("<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' ", "xml-truncated"),
    ("<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'><!--", "xml-truncated"),
    (
      "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'><!--\(String(repeating: "x", count: 400_000))-->",
      "xml-limit"
    ),
  ]) func aBrokenSpreadsheetIsRejected(_ text: String, _ code: String) throws {
    let bench = try Bench()
    let mapping = try bench.read("mappings/sales.yaml")
    try bench.write(
      "mappings/sales.yaml",
      mapping.replacing("sales*.csv", with: "sales*.xls").replacing(
        "format: csv\n", with: "format: spreadsheetml\n"
      )
      .replacing("  encoding: utf-8\n", with: ""))
    try bench.drop("sales-1.xls", text)
    #expect(try bench.run().exitCode == 10)
    #expect(try bench.read("outbox/reconciliation_000001.txt").contains(code))
    #expect(try bench.verify().findings.isEmpty)
  }
}
