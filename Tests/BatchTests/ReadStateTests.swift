import State
import Testing

@testable import Batch

@Suite struct ReadStateTests {
  /// A copy of the state that somebody makes, or a query, is no reason for an alarm: the next run does what waited.
  @Test func aRunEndsWellWhileSomebodyReadsTheState() throws {
    let bench = try Bench()
    func drop(_ name: String) throws {
      try bench.drop("\(name).csv", Sale.file([Sale(no: name, rows: [Sale.Row(amount: 11300, cost: 6000)])]))
    }
    try drop("sales-1")
    try bench.run()
    try drop("sales-2")
    var codes: [Int32] = []
    try bench.state { state in
      var failure: (any Error)?
      try state.register(of: "sales").visit { _, _ in
        do { codes.append(try bench.run().exitCode) } catch { failure = error }
      }
      if let failure { throw failure }
    }
    #expect(codes == [0])
    #expect(try bench.verify().findings.isEmpty)
    #expect(try bench.run().exitCode == 0)
    #expect(try bench.vouchers().filter { $0.account == "1122" }.map(\.source) == ["sales-1", "sales-2"])
  }
}
