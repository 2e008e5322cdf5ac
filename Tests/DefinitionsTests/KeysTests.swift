import Findings
import Testing

@testable import Definitions

@Suite struct KeysTests {
  private enum Level: String, CaseIterable { case warn, hold, reject }

  private func read(_ text: String, _ body: (Keys) -> Void) -> [String] {
    let faults = Faults()
    if let tree = parseDefinition(Array(text.utf8), file: "a.yaml", faults: faults) {
      let keys = Keys(of: tree, faults: faults)
      body(keys)
      keys.finish()
    }
    return told(faults.findings)
  }

  @Test func nothingIsWrong() {
    let found = read("a: x\nb: [1, 2]\nc: one\nd: { e: f }\ng: hold\n") { keys in
      #expect(keys.text("a")?.text == "x")
      #expect(keys.texts("b")?.map(\.text) == ["1", "2"])
      #expect(keys.texts("c")?.map(\.text) == ["one"])
      let inner = keys.map("d")
      #expect(inner?.text("e")?.text == "f")
      inner?.finish()
      #expect(keys.choice("g", default: Level.warn) == .hold)
      #expect(keys.choice("h", default: Level.warn) == .warn)
      #expect(keys.optionalText("i") == nil)
    }
    #expect(found.isEmpty)
  }

  @Test func everyFaultIsToldInOneGo() {
    let found = read("a: [x]\nb:\n  c: 1\nlevle: x\nlevel: hodl\ng: y\nold: 1\n") { keys in
      _ = keys.text("a")
      _ = keys.texts("b")
      _ = keys.required("missing")
      _ = keys.choice("level", of: Level.self)
      _ = keys.items("g")
      keys.notBuilt("old", "older")
    }
    #expect(
      found == [
        "wrong-shape 1:4 a text", "wrong-shape 3:3 a text", "missing-key 1:1 missing",
        "bad-value 5:8 hodl, warn | hold | reject", "wrong-shape 6:4 a list", "not-built-yet 7:1 old",
        "unknown-key 4:1 levle, level",
      ])
  }

  @Test func missingKeysOfAMapAreToldAtItsOwner() {
    let found = read("posting:\n  revenue: { code: R }\n  cost:\n") { keys in
      for entry in keys.entries("posting") {
        let keys = Keys(of: entry.value, owner: entry.key, faults: keys.faults)
        _ = keys.text("code")
        _ = keys.text("date")
        keys.finish()
      }
    }
    #expect(found == ["missing-key 2:3 date", "wrong-shape 3:3 keys with values"])
  }

  @Test func blankIsMissing() {
    let found = read("a:\nb: \"\"\n") { keys in
      _ = keys.text("a")
      #expect(keys.optionalText("b") == nil)
    }
    #expect(found == ["missing-key 1:1 a", "missing-key 2:1 b"])
  }
}
