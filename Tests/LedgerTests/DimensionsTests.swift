import Testing

@testable import Ledger

struct DimensionsTests {
  @Test func `equal sets have one number, and give back their values`() {
    var dimensions = Dimensions()
    let customer = dimensions.dimension(named: "客户")
    let department = dimensions.dimension(named: "部门")
    #expect(dimensions.dimension(named: "客户") == customer)
    #expect(dimensions.names == ["客户", "部门"])
    let (a, b) = (
      Dimensions.Value(dimension: customer, code: 7), Dimensions.Value(dimension: department, code: 9)
    )
    let both = dimensions.intern([a, b])
    let one = dimensions.intern([a])
    #expect(dimensions.intern([a, b]) == both)
    #expect(dimensions.intern([]) == 0)
    #expect(Set([0, one, both]).count == 3)
    #expect(dimensions.setCount == 3)
    #expect(Array(dimensions.values(ofSet: both)) == [a, b])
    #expect(Array(dimensions.values(ofSet: one)) == [a])
    #expect(dimensions.values(ofSet: 0).isEmpty)
    #expect(dimensions.code(ofSet: both, dimension: department) == 9)
    #expect(dimensions.code(ofSet: one, dimension: department) == -1)
  }
}
