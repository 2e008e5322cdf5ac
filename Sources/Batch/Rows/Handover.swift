/// What one thread makes and another uses, in the order in which it was made, and never more than a few at a time.
final class Handover<Item: Sendable, Spare: Sendable>: Sendable {
  private struct Shelf: Sendable {
    var ready: [Item] = []
    /// What was used, so that its memory can be used again.
    var spare: [Spare] = []
    /// Being made, waiting and being used.
    var out = 0
    var hasEnded = false
    var isCancelled = false
  }

  private let shelf = Locked(Shelf())
  private let most: Int

  init(most: Int) { self.most = most }

  // MARK: - Whoever makes

  /// Waits until there is room for one more, and tells whether it is wanted.
  func begin() -> (isWanted: Bool, spare: Spare?) {
    shelf.withLock(
      when: { $0.out < most || $0.isCancelled },
      do: { shelf in
        shelf.out += 1
        return (!shelf.isCancelled, shelf.spare.popLast())
      })
  }

  func put(_ item: Item) { shelf.withLock { $0.ready.append(item) } }

  /// There is no more to come.
  func end() { shelf.withLock { $0.hasEnded = true } }

  // MARK: - Whoever uses

  /// The next one, or `nil` at the end.
  func next() -> Item? {
    shelf.withLock(
      when: { !$0.ready.isEmpty || $0.hasEnded }, do: { $0.ready.isEmpty ? nil : $0.ready.removeFirst() })
  }

  /// Makes room for another one.
  func giveBack(_ spare: Spare) {
    shelf.withLock { shelf in
      shelf.spare.append(spare)
      shelf.out -= 1
    }
  }

  /// Nobody wants more; waits until nothing is made any more.
  func cancel() {
    shelf.withLock { $0.isCancelled = true }
    shelf.withLock(when: { $0.hasEnded }, do: { _ in })
  }
}
