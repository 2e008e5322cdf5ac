import Expressions

extension FieldType {
  var compiled: Expressions.FieldType {
    let k: Expressions.FieldType.Kind =
      switch kind {
      case .text: .text
      case .int: .int
      case .decimal(let n): .decimal(n)
      case .money: .money
      case .quantity: .quantity
      case .price: .price
      case .percent(.whole): .percent(.whole)
      case .percent(.fraction): .percent(.fraction)
      case .percent(.undeclared): .percent(.signed)
      case .date: .date
      case .bool: .bool
      }
    return Expressions.FieldType(k, optional: optional)
  }
}
