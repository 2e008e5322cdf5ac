import Findings
import Glibc
import State
import Testing

@testable import Batch

/// Whoever is woken at night by a run that could not be done reads one sentence: it names what failed and what became of
/// the books, in either language, and cron gets the exit code that sysexits(3) gives such a fault.
@Suite struct WorldErrorTests {
  private static let full = SystemFailure(call: "write", path: "outbox/sales.csv", code: ENOSPC)

  private static let cases: [(error: WorldError, exit: Int32, names: [String])] = [
    (.system(full), 74, ["write", "outbox/sales.csv"]),
    (.unpublished(run: 7, full), 74, ["7", "write", "outbox/sales.csv"]),
    (.unnoted(run: 7, .storage(reason: "disk I/O error")), 74, ["7", "disk I/O error"]),
    (.unnoted(run: 7, .busy), 74, ["7"]),
    (.state(.damaged(reason: "document_block: seal")), 74, ["document_block: seal", "tallyman rebuild"]),
    (.state(.storage(reason: "disk I/O error")), 74, ["disk I/O error", "tallyman verify"]),
    (.state(.busy), 74, [".tallyman/state.sqlite"]),
    (.state(.newer(version: 9, known: 2)), 74, ["9", "2"]),
    (.state(.older(version: 1, known: 2)), 74, ["1", "2", "tallyman run"]),
    (.state(.notDurable(setting: "synchronous", value: "0")), 74, ["synchronous = 0"]),
    (.locked(by: "pid 12"), 75, ["pid 12"]),
    (.severalFileSystems(".tallyman", "/mnt/finance"), 74, [".tallyman", "/mnt/finance"]),
    (.noWorkspace("/srv/books"), 78, ["/srv/books", "mappings/"]),
    (.definitions([Finding(.rowTooLong, .reject, at: Place(file: "a.yaml"), [])], .english), 78, ["1"]),
    (.interrupted, 75, []),
    (
      .stateBehind(knows: 3, run: 5, path: "archive/records/000005.jsonl", canRebuild: true), 74,
      ["3", "5", "archive/records/000005.jsonl", "tallyman rebuild"]
    ),
    (
      .stateBehind(knows: 3, run: 5, path: "archive/records/000005.jsonl", canRebuild: false), 74,
      ["3", "5", "archive/records/000005.jsonl", "outbox/"]
    ),
    (.rebuildRefused([]), 74, ["archive", "tallyman verify"]),
    (.nothingToRebuild, 74, ["archive/records"]),
    (.noConverter, 74, ["GB18030"]),
  ]

  @Test(arguments: cases.indices) func saysWhatFailed(_ index: Int) {
    let (error, exit, names) = Self.cases[index]
    #expect(error.exitCode == exit)
    let texts = Language.allCases.map { error.message(in: $0) }
    for text in texts {
      for name in names { #expect(text.contains(name), "\(text) lacks \(name)") }
      #expect(!text.contains("{"), "\(text) has a gap that nothing fills")
    }
    #expect(Set(texts).count == texts.count, "\(texts[0]) is the same in both languages")
  }

  @Test func tellsWhoHoldsTheWorkspaceOnlyWhereThatIsKnown() {
    #expect(!WorldError.locked(by: "").message(in: .english).contains("()"))
    #expect(!WorldError.locked(by: "").message(in: .chinese).contains("（）"))
  }

  @Test func tellsWhyAFileWaits() {
    let name = Array("sales.csv".utf8)
    let cases: [(WaitingFile.Reason, String)] = [
      (.written, "sales.csv"), (.named, "sales.csv"),
      (.sidecar(".sha256", isAsked: false), "sales.csv.sha256"),
      (.sidecar(".sha256", isAsked: true), "sales.csv.sha256"), (.partner("heads.csv"), "heads.csv"),
      (.owner, "sales.csv"),
    ]
    for language in Language.allCases {
      let texts = cases.map { WaitingFile(name, $0.0).message(in: language) }
      #expect(Set(texts).count == cases.count, "two reasons read the same: \(texts)")
      for (text, (_, names)) in zip(texts, cases) {
        #expect(text.contains("sales.csv") && text.contains(names), "\(text) lacks \(names)")
      }
    }
  }
}
