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
}
