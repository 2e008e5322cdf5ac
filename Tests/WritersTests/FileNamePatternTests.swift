import Definitions
import Findings
import Testing

@testable import Writers

@Suite struct FileNamePatternTests {
  private func pattern(_ text: String) -> (FileNamePattern?, [Finding]) {
    let faults = Faults()
    let pattern = FileNamePattern.read(
      SourceText(text, at: Place(file: "m.yaml", line: 3, column: 10)), faults: faults)
    return (pattern, faults.findings)
  }

  @Test func unknownHoleIsToldWithTheNearest() {
    let (read, findings) = pattern("{book}_{perid}_{run}")
    #expect(read == nil)
    #expect(findings.map(\.code) == [.unknownName])
    #expect(findings.first?.arguments == ["perid", "period"])
    #expect(findings.first?.place.column == 18)
  }

  @Test(arguments: ["../{run}", "a/{run}", ".hidden{run}", "a\\{run}", "a\n{run}"])
  func namesStayInTheirFolder(_ text: String) {
    #expect(pattern(text).1.map(\.code) == [.badValue])
  }

  @Test func openBraceIsASyntaxFault() {
    #expect(pattern("{book}_{run").1.map(\.code) == [.expressionSyntax])
  }

  @Test(arguments: [
    ("{book}_{period}_{run}", true, []), ("{period}_{run}", false, []), ("{period}_{run}", true, ["{book}"]),
    ("{run}", false, ["{period}"]), ("fixed", true, ["{book}", "{period}", "{run}"]),
  ])
  func missingHolesAreAmbiguous(_ text: String, _ severalBooks: Bool, _ missing: [String]) throws {
    let findings = try #require(pattern(text).0).ambiguities(severalBooks: severalBooks)
    #expect(findings.allSatisfy { $0.code == .fileNameAmbiguous && $0.arguments[0] == text })
    #expect(findings.map { $0.arguments[1] } == missing)
  }

  @Test func patternsThatGiveOneNameCollide() throws {
    let plain = try #require(pattern("{period}_{run}.csv").0)
    let named = try #require(pattern("{profile}_{period}_{run}.csv").0)
    let byInterface = try #require(pattern("{interface}_{period}_{run}.csv").0)
    let byBook = try #require(pattern("{book}_{period}_{run}.csv").0)
    func missing(_ all: [(FileNamePattern, String?, String, String)]) -> [String] {
      FileNamePattern.collisions(among: all.map { (pattern: $0, book: $1, interface: $2, profile: $3) })
        .map { $0.arguments[1] }
    }
    #expect(missing([(plain, "a", "x", "p"), (plain, "a", "x", "q")]) == ["{profile}"])
    #expect(missing([(plain, "a", "x", "p"), (plain, "a", "y", "p")]) == ["{interface}"])
    #expect(missing([(named, "a", "x", "p"), (named, "a", "x", "q")]) == [])
    #expect(missing([(byInterface, "a", "x", "p"), (byInterface, "a", "y", "p")]) == [])
    #expect(missing([(byBook, "a", "x", "p"), (byBook, "b", "y", "p")]) == [])
    #expect(missing([(byBook, "a", "x", "p"), (byBook, "a", "y", "p")]) == ["{interface}"])
    #expect(missing([(byBook, nil, "x", "p"), (byBook, nil, "y", "p")]) == ["{interface}"])
  }

  /// A name that another file has only in some month, or that every run gives, is no less taken.
  @Test(arguments: [
    ("a_{interface}_2026-10_{run}.csv", ["a name unlike {book}_{interface}_{period}_{run}.csv"]),
    ("reconciliation_{run}.csv", ["a name unlike reconciliation_{run}.csv"]),
    ("manifest_{run}.sha256", ["a name unlike manifest_{run}.sha256"]),
    ("a_x_rejects_{run}_1.csv", ["a name unlike a_x_rejects_{run}"]),
    ("x_退回_{run}_1.csv", ["a name unlike x_退回_{run}"]),
    ("{interface}_new_{run}.csv", []), ("a_{interface}_2026-1_{run}.csv", []),
    ("a_{interface}_2026-xx_{run}.csv", []), ("reconciliation_{run}.new", []),
  ])
  func namesMustNotMeetInAnyMonth(_ other: String, _ told: [String]) throws {
    let vouchers = try #require(pattern("{book}_{interface}_{period}_{run}.csv").0)
    let new = try #require(pattern(other).0)
    let findings = FileNamePattern.collisions(among: [
      (pattern: vouchers, book: "a", interface: "x", profile: "p"),
      (pattern: new, book: "a", interface: "x", profile: "q"),
    ])
    #expect(findings.map { $0.arguments[1] } == told)
  }
}
