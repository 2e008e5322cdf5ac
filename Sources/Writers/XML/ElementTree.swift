/// An element of an XML format, with what it repeats for.
struct OutputElement: Sendable {
  enum Each: String, Sendable, Hashable, CaseIterable {
    case voucher
    case entry
  }

  enum Empty: String, Sendable, Hashable, CaseIterable {
    case keep
    case leaveOut = "leave-out"
  }

  /// With its prefix.
  var name: String
  /// `nil`: once where its parent is.
  var each: Each?
  /// What becomes of the element where nothing is in it.
  var empty: Empty
  /// Cells of the layout.
  var attributes: [(name: String, cell: Int)] = []
  var text: Int?
  var children: [OutputElement] = []

  /// The elements that repeat for the same, here and below.
  func all(_ each: Each) -> [OutputElement] {
    (self.each == each ? [self] : []) + children.flatMap { $0.all(each) }
  }
}
