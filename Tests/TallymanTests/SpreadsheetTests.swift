import Foundation
import Testing

/// A real spreadsheet program between a reject file and its way back: opened, mended, saved in another encoding, with
/// other characters between the cells, and quoted.
@Suite(.serialized) struct SpreadsheetTests {
  private static let office = "/usr/bin/soffice"
  private static let isHere: Bool = {
    let isHere = FileManager.default.isExecutableFile(atPath: office)
    if !isHere { print("SpreadsheetTests are left out: there is no \(office)") }
    return isHere
  }()

  /// How a column of a text file is opened: as the program thinks best, or as text, which keeps what is in it.
  enum Columns: String { case standard, text }

  @Test(.enabled(if: isHere)) func aMendedRejectPostsAndTheOthersComeBack() throws {
    let (workspace, rejects) = try firstRun()
    let mended = try saved(rejects, in: workspace, columns: .text) {
      $0.replacing("<text:p>14.69</text:p>", with: "<text:p>13.00</text:p>")
        .replacing("<text:p>98.31</text:p>", with: "<text:p>100.00</text:p>")
    }
    #expect(mended.starts(with: Array("\"单 据 编 号\";".utf8)))
    try workspace.drop(mended, as: "改好了的.csv")
    let second = try workspace.tallyman("run")
    #expect(second.output.contains("入账 1 + 退回 10"), "\(second.output)")
    let open = try workspace.tallyman("rejects", "--list", "--json").output.split(separator: "\n")
    #expect(open.count == 10)
    #expect(!open.contains { $0.contains("A-XS-RJ-00000001") })
    let again = try #require(try workspace.outbox().first { $0.contains("_退回_000002_1.csv") })
    for number in 2...11 {
      let id = "A-XS-RJ-" + String(repeating: "0", count: number < 10 ? 7 : 6) + "\(number)"
      #expect(try workspace.text("outbox/" + again).contains(id))
    }
    #expect(try workspace.tallyman("verify").exitCode == 0)
  }

  /// Opened without a thought, codes lose their zeros. What then comes back is posted for nobody else.
  @Test(.enabled(if: isHere)) func whatTheProgramSpoilsIsNotPosted() throws {
    let (workspace, rejects) = try firstRun()
    let spoilt = try saved(rejects, in: workspace, columns: .standard) {
      $0.replacing("office:value=\"14.69\"", with: "office:value=\"13\"")
        .replacing("office:value=\"98.31\"", with: "office:value=\"100\"")
    }
    #expect(!String(decoding: spoilt, as: UTF8.self).contains("00102"))
    try workspace.drop(spoilt, as: "spoilt.csv")
    let second = try workspace.tallyman("run")
    #expect(second.exitCode == 10)
    // The set of books 001 has become 1, and no file of another set of books is posted.
    #expect(second.output.contains("入账 0 + 退回 11"), "\(second.output)")
    #expect(try workspace.tallyman("rejects", "--list", "--json").output.split(separator: "\n").count == 11)
  }

  /// The sample's first ten days, of which some documents went back, and their reject file.
  private func firstRun() throws -> (ScratchWorkspace, [UInt8]) {
    let workspace = try ScratchWorkspace(mappings: Repository.root + "/mappings")
    try workspace.drop(Repository.samples + "/sales-issue/inbox/销售出库_2026年3月上旬.csv")
    _ = try workspace.run()
    let name = try #require(try workspace.outbox().first { $0.contains("_退回_000001_1.csv") })
    return (workspace, try bytes(of: workspace.root + "/outbox/" + name))
  }

  /// What a spreadsheet program makes of a GB18030 file: opened, changed by `mend` in its own format, and saved as UTF-8
  /// with semicolons and every text quoted.
  private func saved(
    _ file: [UInt8], in workspace: ScratchWorkspace, columns: Columns, _ mend: (String) -> String
  ) throws -> [UInt8] {
    let folder = workspace.root + "/office"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try write(file, to: folder + "/rejects.csv")
    // Separator, text delimiter, encoding (85 is GB18030, 76 UTF-8), first line; then each column as text.
    let asText = (1...33).map { "\($0)/2" }.joined(separator: "/")
    let filter = "CSV:44,34,85,1" + (columns == .text ? "," + asText : "")
    try convert("--infilter=" + filter, "--convert-to", "fods", "rejects.csv", in: folder)
    let sheet = folder + "/rejects.fods"
    try write(Array(mend(String(decoding: bytes(of: sheet), as: UTF8.self)).utf8), to: sheet)
    try convert(
      "--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,true,true", "rejects.fods", in: folder)
    return try bytes(of: folder + "/rejects.csv")
  }

  private func convert(_ arguments: String..., in folder: String) throws {
    let result = try Program(path: Self.office).run(
      ["-env:UserInstallation=file://\(folder)/profile", "--headless"] + arguments,
      in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
  }
}
