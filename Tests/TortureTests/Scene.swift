import Foundation

/// A file that is dropped.
struct SalesFile {
  var name: String
  var bytes: Data
  /// Where it lies, complete, before it is linked into an inbox.
  var original: String
}

/// What lies in a workspace before the run that is disturbed.
final class Scene {
  let name: String
  let before: Trial?
  let tables: [String: String]
  /// More definitions than the trial's own, by their paths.
  let definitions: [String: String]
  /// What is called; another command than `run` is a person's, who gives it once more where it did not come to its end.
  let command: [String]
  private(set) var files: [SalesFile] = []
  /// What was there before `before`, where the scene has more of a past.
  private var past: Scene?
  /// The workspace as it was a run earlier.
  var older: String? { past?.before?.workspace }
  private let folder: String

  init(
    _ name: String, after before: Trial? = nil, tables: [String: String] = [:],
    definitions: [String: String] = [:], command: [String] = ["run"], _ texts: [String: String]
  ) throws {
    self.definitions = definitions
    self.command = command
    self.name = name
    self.before = before
    self.tables = tables
    folder = Trial.root + "/tallyman-torture-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (file, text) in texts.sorted(by: { $0.key < $1.key }) {
      let bytes = Data((file.hasSuffix(".csv") ? Self.header + text + "\n" : text).utf8)
      let original = folder + "/" + file
      try bytes.write(to: URL(filePath: original))
      files.append(SalesFile(name: file, bytes: bytes, original: original))
    }
  }

  /// After another scene's run, with files that were dropped before.
  private init(_ name: String, after before: Trial, again files: [SalesFile]) {
    (self.name, self.before, self.files) = (name, before, files)
    (tables, definitions, command) = ([:], [:], ["run"])
    folder = ""
  }

  /// A workspace as it was found.
  convenience init(_ name: String, found trial: Trial) { self.init(name, after: trial, again: []) }

  deinit {
    if !folder.isEmpty { try? FileManager.default.removeItem(atPath: folder) }
  }

  private static let header = "no,day,state,buyer,class,quantity,unit_name,amount,tax_amount,cost_amount\n"

  private static let good = """
    A1,2026-03-01,approved,C1,goods,2,box,113.00,13.00,60.00
    A1,2026-03-01,approved,C1,service,1,hour,10.60,0.60,0.00
    A2,2026-03-01,approved,C2,goods,1,box,56.50,6.50,30.00
    """

  private static let faulty = """
    B1,2026-03-02,approved,C9,goods,2,box,113.00,13.00,60.00
    B2,2026-03-02,approved,C1,goods,1,box,12x.00,6.50,30.00
    B3,2026-03-02,approved,C1,goods,1,box,56.50,96.50,30.00
    B3,2026-03-02,approved,C1,goods,1,box,56.50,6.50,30.00
    B4,2026-03-02,draft,C1,goods,1,box,56.50,6.50,30.00
    B5,2026-03-02,approved,C1,goods,1,box,56.50,6.50,
    B6,2026-03-02,approved,C3,goods,1,box,22.60,2.60,10.00
    """

  private static let others = """
    D2,2026-03-01,approved,C2,goods,1,box,56.50,6.50,30.00
    D3,2026-03-01,approved,C2,goods,1,box,0.00,0.00,30.00
    D4,2026-03-02,approved,C3,goods,1,box,56.50,6.50,30.00
    """

  /// An empty workspace, and four files: all good, the same under another name, one with rejects, a hold and a pending
  /// cost, and one whose documents are in two months, whose returns are red, and whose days share cost vouchers with the
  /// others.
  static func first() throws -> Scene {
    try Scene(
      "first run",
      [
        "notes.txt": "Nobody's export: it stays.",
        "sales-1.csv": good,
        "sales-2-again.csv": good,
        "sales-3-faulty.csv": faulty,
        "sales-4.csv": "D1,2026-02-28,approved,C1,goods,-2,box,-113.00,-13.00,-60.00\n" + others,
      ])
  }

  /// The run after it: the held document's customer is known now, a pending cost is filled in, a posted document comes
  /// again changed, a reject comes mended, and a row has gone to the end of its file.
  static func later() throws -> Scene {
    try Scene(
      "later run", after: try Trial.done(try first()),
      tables: ["customers.csv": "code,name\nC1,Huaxin\nC2,Jinyuan\nC3,Tiancheng\nC9,Hengda\n"],
      [
        "sales-5.csv": """
        B5,2026-03-02,approved,C1,goods,1,box,56.50,6.50,25.00
        A2,2026-03-01,approved,C2,goods,2,box,113.00,13.00,60.00
        B2,2026-03-02,approved,C1,goods,1,box,56.50,6.50,30.00
        """,
        "sales-6.csv": """
        E1,2026-03-05,approved,C2,goods,1,box,56.50,6.50,30.00
        E2,2026-03-05,approved,C7,goods,1,box,56.50,6.50,30.00
        E1,2026-03-05,approved,C2,service,1,hour,10.60,0.60,0.00
        """,
        "sales-7-again.csv": good,
      ])
  }

  /// What was posted is void, changed, or not approved any more; the book gives its numbers itself now, and the finance system
  /// answers: an acknowledgement, a refusal, and a voucher that nobody gave. The refusal is of a document that is as it was: what is
  /// heard of a voucher a run later than its document is corrected, because the file could not be read, makes another history.
  static func corrected() throws -> Scene {
    try Scene(
      "corrections", after: try Trial.done(try first()),
      definitions: [
        "sales.yaml": try changed(
          "sales.yaml",
          [
            "  ignore: status":
              "  void: status == \"void\"\n  changed: reverse\n  withdrawn: reverse\n  ignore: status"
          ])
          + "write_back: \"back_{interface}_{run}.csv\"\n",
        "books/main.yaml": try changed("books/main.yaml", ["number: finance": "number: own"]),
        "answer.yaml": """
        language: 1
        interface: answer
        code: AN
        title: What the finance system says of vouchers
        book: main
        read: { files: ["answer*.txt"], format: csv, encoding: utf-8 }
        fields:
          voucher: text  = id
          number:  text? = number
          result:  text? = result
        acknowledge:
          voucher: voucher
          number: number
          refused: result == "failed"

        """,
      ],
      [
        "answer-1.txt": """
        id,number,result
        T-SA-R-00000001,,failed
        T-SA-R-00000002,17,ok
        T-SA-R-00000099,,ok

        """,
        "sales-5.csv": """
        A1,2026-03-01,void,C1,goods,2,box,113.00,13.00,60.00
        A1,2026-03-01,void,C1,service,1,hour,10.60,0.60,0.00
        A2,2026-03-01,approved,C2,goods,2,box,113.00,13.00,60.00
        B5,2026-03-02,approved,C1,goods,1,box,56.50,6.50,25.00
        B6,2026-03-02,draft,C3,goods,1,box,22.60,2.60,10.00
        D2,2026-03-03,approved,C2,goods,1,box,56.50,6.50,30.00
        """,
      ])
  }

  /// The same kinds of files in XML, by an interface of their own: what was rejected goes back as XML, one of them is cut off.
  static func xml() throws -> Scene {
    let mapping = try changed(
      "sales.yaml",
      [
        "interface: sales\ncode: SA": "interface: sales-xml\ncode: SX",
        "files: [\"sales*.csv\"]": "files: [\"sales*.xml\"]", "format: csv": "format: xml",
        "encoding: utf-8": "document: /sales/sale\n  record: line",
        "= no\n": "= `../@no`\n", "= day\n": "= `../@day`\n", "= state\n": "= `../@state`\n",
        "= buyer\n": "= `../@buyer`\n", "= class\n": "= `class`\n",
      ])
    let good = """
      <sale no="A1" day="2026-03-01" state="approved" buyer="C1">\(line("113.00", "13.00", "60.00"))\
      \(line("10.60", "0.60", "0.00"))</sale>
      <sale no="A2" day="2026-03-01" state="approved" buyer="C2">\(line("56.50", "6.50", "30.00"))</sale>
      """
    func file(_ sales: String) -> String { "<?xml version=\"1.0\"?>\n<sales>\n\(sales)\n</sales>\n" }
    return try Scene(
      "XML", definitions: ["sales-xml.yaml": mapping],
      [
        "sales-1.xml": file(good),
        "sales-2-again.xml": file(good.replacing("\"", with: "'")),
        "sales-3-faulty.xml": file(
          """
          <sale no="B1" day="2026-03-02" state="approved" buyer="C9">\(line("113.00", "13.00", "60.00"))</sale>
          <sale no="B2" day="2026-03-02" state="approved" buyer="C1">\(line("12x.00", "6.50", "30.00"))</sale>
          <sale no="B3" day="2026-03-02" state="approved" buyer="C1">\(line("56.50", "96.50", "30.00"))\
          \(line("56.50", "6.50", "30.00"))</sale>
          <sale no="B5" day="2026-02-28" state="approved" buyer="C1">\(line("-56.50", "-6.50", "-30.00"))</sale>
          """),
        "sales-4-cut.xml":
          "<sales><sale no='C1' day='2026-03-02' state='approved' buyer='C1'>\(line("1", "0", "0"))</sa",
      ])
  }

  private static func line(_ amount: String, _ tax: String, _ cost: String) -> String {
    "<line><class>goods</class><quantity>1</quantity><unit_name>box</unit_name><amount>\(amount)</amount>"
      + "<tax_amount>\(tax)</tax_amount><cost_amount>\(cost)</cost_amount></line>"
  }

  /// Everything that either of the two brought, dropped once more.
  static func again() throws -> Scene {
    let later = try later()
    let scene = Scene(
      "dropped again", after: try Trial.done(later), again: (later.before?.files ?? []) + later.files)
    scene.past = later
    return scene
  }
}

extension Scene {
  /// One of the trial's definitions, with other texts in it.
  fileprivate static func changed(_ path: String, _ changes: KeyValuePairs<String, String>) throws -> String {
    var text = try String(contentsOfFile: Trial.mappings + "/" + path, encoding: .utf8)
    for (old, new) in changes {
      guard text.contains(old) else { throw Unexpected(what: "the trial's \(path) has no \(old)") }
      text = text.replacing(old, with: new)
    }
    return text
  }

  /// Goods and services change their accounts, and the stock too; one of the documents is of a customer whom nobody knows any
  /// more, and stays as it was posted.
  static func reposted(_ selection: [String]) throws -> Scene {
    try Scene(
      "repost \(selection[0])", after: try Trial.done(try first()),
      tables: [
        "income.csv": "class,account\ngoods,services\nservice,sales\n",
        "customers.csv": "code,name\nC1,Huaxin\nC2,Jinyuan\n",
      ],
      definitions: ["sales.yaml": try changed("sales.yaml", ["debit: cost,": "debit: services,"])],
      command: ["repost", "sales"] + selection + ["--reason", "the chart was wrong"], [:])
  }

  /// All of March in one file, which proves that it is whole, and lacks some of what the first run brought.
  static func snapshot(_ name: String, without missing: [String]) throws -> Scene {
    let march = [good, faulty, others].joined(separator: "\n").split(separator: "\n")
    return try Scene(
      name, after: try Trial.done(try first()),
      definitions: [
        "sales.yaml": try changed(
          "sales.yaml",
          [
            "  encoding: utf-8\n": "  encoding: utf-8\n  sidecar: ok\n  snapshot: month\n",
            "  ignore: status":
              "  changed: reverse\n  withdrawn: reverse\n  missing: reverse\n  max_missing: 50%\n  ignore: status",
          ])
      ],
      [
        "sales-5.csv": march.filter { row in !missing.contains { row.hasPrefix($0 + ",") } }.joined(
          separator: "\n"),
        "sales-5.csv.ok": "",
      ])
  }
}

struct Unexpected: Error {
  var what: String
}
