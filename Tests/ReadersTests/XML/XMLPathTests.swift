import Testing

@testable import Readers

@Suite struct XMLPathTests {
  private static let namespaces = ["u": "urn:u", "": "urn:own"]

  private func child(_ local: String, _ uri: String = "", position: Int? = nil) -> XMLPath.Step {
    .child(XMLPath.Name(uri: uri, local: local), position: position, attributes: [])
  }

  @Test func steps() throws {
    #expect(try XMLPath("单据/明细").steps == [child("单据"), child("明细")])
    #expect(try XMLPath("../@no").steps == [.parent, .attribute(XMLPath.Name(uri: "", local: "no"))])
    #expect(try XMLPath("/a/b-c.d").isAbsolute)
    #expect(try XMLPath(".").steps.isEmpty)
    #expect(try XMLPath("a[2]").steps == [child("a", position: 2)])
    #expect(
      try XMLPath("a[@k='x y']/b").steps == [
        .child(
          XMLPath.Name(uri: "", local: "a"), position: nil,
          attributes: [XMLPath.Condition(name: XMLPath.Name(uri: "", local: "k"), value: "x y")]), child("b"),
      ])
  }

  @Test func namespacesAreThoseOfTheMapping() throws {
    let path = try XMLPath("u:a/b/@c/".dropLast().description, namespaces: Self.namespaces)
    #expect(
      path.steps == [
        child("a", "urn:u"), child("b", "urn:own"), .attribute(XMLPath.Name(uri: "", local: "c")),
      ])
    #expect(throws: XMLPath.Fault.undeclaredPrefix("v")) {
      try XMLPath("v:a", namespaces: Self.namespaces)
    }
  }

  @Test(arguments: [
    ("", 0), ("a//b", 2), ("a/", 2), ("a b", 1), ("sum(a)", 3), ("@a/b", 2), ("a[0]", 2), ("a[@k]", 4),
    ("a[@k='x][1]", 5), ("*", 0), ("a[@k='x'][2]", 10), ("1a", 0), ("descendant::a", 11), ("含税单价 (元)", 4),
  ])
  func whatIsNoPath(_ text: String, at: Int) {
    let error = #expect(throws: XMLPath.Fault.self) { try XMLPath(text, namespaces: ["descendant": "x"]) }
    guard case .syntax(let place)? = error else {
      Issue.record("\(text): \(String(describing: error))")
      return
    }
    #expect(place == at, "\(text)")
  }
}
