import Findings
import Ledger
import Testing

@testable import Expressions

/// The compiled program against the reference interpreter: random expressions over random columns.
struct ProgramPropertyTests {
  /// A number's cell, and what it is worth.
  private func cell(
    _ random: inout SplitMix, scale: Int, optional: Bool
  ) -> (text: String, value: ReferenceInterpreter.Value, fails: Bool) {
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return ("n/a", .failed(scale: scale), true)
    case 1...5 where optional: return ("", .missing(scale: scale), false)
    case 1: return ("", .failed(scale: scale), true)
    case 2...3: return ("0", .number(BigInteger(0), scale: scale), false)
    default:
      let units = random.wide(bits: [4, 20, 59].randomElement(using: &random)!)
      return (
        Decimal(units: units, scale: scale).description, .number(BigInteger(units), scale: scale), false
      )
    }
  }

  private func text(_ value: ReferenceInterpreter.Value) -> String? {
    switch value {
    case .missing: nil
    case .failed: "!"
    case .flag(let flag): flag ? "是" : "否"
    case .number(let units, let scale): Decimal(units: units.int128!, scale: scale).trimmed.description
    }
  }

  private func bench(_ maker: SampleMaker) -> Bench {
    var bench = Bench()
    for (index, scale) in maker.scales.enumerated() { bench.field("n\(index)", .decimal(scale), "数\(index)") }
    for (index, scale) in maker.optionalScales.enumerated() {
      bench.field("o\(index)", .decimal(scale), optional: true, "选\(index)")
    }
    bench.field("f", .bool, "旗")
    return bench
  }

  @Test(arguments: 1...5)
  func `programs give what the reference gives, batch after batch`(_ seed: UInt64) {
    var maker = SampleMaker(random: SplitMix(seed: seed))
    var random = SplitMix(seed: seed &+ 1000)
    var compiled = 0
    var compared = 0
    while compiled < 30 {
      let isNumber = Bool.random(using: &random)
      let depth = Int.random(in: 1...4, using: &random)
      let sample = isNumber ? maker.number(depth) : maker.flag(depth)
      var bench = bench(maker)
      let slot =
        isNumber ? bench.field("out", .decimal(3), sample.text) : bench.field("out", .bool, sample.text)
      if bench.faults.map(\.code) == [.typeMismatch], bench.faults[0].arguments[0].hasSuffix(" decimals") {
        continue
      }
      #expect(bench.faults.isEmpty, "\(sample.text): \(bench.faults)")
      compiled += 1
      // The sizes go down and up, so that a batch finds what the one before left behind.
      for size in [7, 3, 12, 1, 0, 9] {
        compared += size
        compare(sample, isNumber, slot, &bench, size, maker, &random)
      }
    }
    #expect(compared == 30 * 32)
  }

  private func compare(
    _ sample: Sample, _ isNumber: Bool, _ slot: Slot, _ bench: inout Bench, _ size: Int, _ maker: SampleMaker,
    _ random: inout SplitMix
  ) {
    var rows: [[String: String]] = []
    var expected: [String?] = []
    var failing: Set<Int> = []
    for record in 0..<size {
      let numbers = maker.scales.map { cell(&random, scale: $0, optional: false) }
      let optionals = maker.optionalScales.map { cell(&random, scale: $0, optional: true) }
      let flag = Bool.random(using: &random)
      var row = ["旗": flag ? "是" : "否"]
      for (index, number) in numbers.enumerated() { row["数\(index)"] = number.text }
      for (index, number) in optionals.enumerated() { row["选\(index)"] = number.text }
      rows.append(row)
      var reference = ReferenceInterpreter(
        numbers: numbers.map(\.value), optionals: optionals.map(\.value), flag: .flag(flag))
      let value = reference.value(sample)
      expected.append(text(isNumber ? reference.assigned(value, scale: 3) : value))
      if reference.failures > 0 || (numbers + optionals).contains(where: \.fails) { failing.insert(record) }
    }
    let outcome = bench.run(rows)
    #expect(outcome.texts(slot) == expected, "\(sample.text) over \(rows)")
    #expect(Set(outcome.evaluation.failures.map { Int($0.record) }) == failing, "\(sample.text) over \(rows)")
  }
}
