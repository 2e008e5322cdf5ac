import Ledger
import Mapping
import Posting
import State

/// Documents of which a posting is made when their month is over.
extension Past {
  /// Of a document that waits for the end of its month all is done but what waits.
  func duePrior(_ key: ArraySlice<UInt8>) -> Prior {
    let codes = Set(due[Array(key)]?.causes.map(\.code) ?? [])
    return .partly(
      run: run,
      done: compiled.postings.indices.reduce(0) { bits, posting in
        codes.contains(compiled.postings[posting].code) ? bits : bits | 1 << UInt32(posting)
      })
  }

  /// - Parameter day: of the document as it is now; it may have been of a later month when it was kept.
  func isStillToBeMade(_ posting: Int, _ key: ArraySlice<UInt8>, _ day: Day) -> Bool {
    let inputs = compiled.postings[posting].inputs
    if inputs.gatherDays != nil, inputs.isDeferred(day, today: today) { return true }
    do throws(StateError) {
      // By a mapping of before it may wait for the end of a month, too.
      guard try keepsDeferred(), !overtakenKeys.contains(Array(key)) else { return false }
      var kept = due[Array(key)]
      if kept == nil { kept = try state.deferredDocument(compiled.interface.name, key: Array(key)) }
      return kept?.causes.contains { $0.code == compiled.postings[posting].code } == true
    } catch {
      failure = failure ?? error
      return false
    }
  }

  /// The codes of a document's postings that an earlier run left for the end of its month.
  func waitingForMonthEnd(_ key: [UInt8]) -> Set<String> {
    do throws(StateError) {
      guard try keepsDeferred() else { return [] }
      let kept = try state.deferredDocument(compiled.interface.name, key: key)
      return Set(kept?.causes.map(\.code) ?? [])
    } catch {
      failure = failure ?? error
      return []
    }
  }

  /// Whether earlier runs left any document of the interface for the end of a month.
  private func keepsDeferred() throws(StateError) -> Bool {
    if let known = deferredBefore { return known }
    let name = compiled.interface.name
    let found = try state.deferredSummary().contains { $0.interface == name }
    deferredBefore = found
    return found
  }

  /// Takes back what of a document waits for the end of its month: it came again void, or is not approved any more.
  /// - Returns: whether anything of it did.
  func withdraw(_ key: [UInt8]) -> Bool {
    let earlier = posted.find(key.span)
    let before = known(key[...])
    let waited = waitingForMonthEnd(key)
    guard compiled.gatherDays != nil || !waited.isEmpty, overtakeDeferred(key),
      let origin = earlier.map({ posted.origin(of: $0) }) ?? before?.origin
    else {
      return false
    }
    let new = posted.append(
      key: key.span, run: origin.run, file: origin.file, row: origin.row, year: origin.year, day: origin.day)
    if let earlier { successors[earlier] = new }
    for posting in compiled.postings.indices
    where compiled.postings[posting].inputs.gatherDays == nil
      && !waited.contains(compiled.postings[posting].code)
    {
      let slot = slot(of: posting)
      let old = earlier.map { posted.hash(posting: slot, of: $0) } ?? before?.hash(posting: slot)
      if let old { posted.set(hash: old, posting: slot, of: new) }
      if let voucher = before?.voucher(posting: slot) { posted.set(voucher: voucher, posting: slot, of: new) }
    }
    return true
  }

  /// - Returns: whether anything was kept of the document.
  @discardableResult
  func overtakeDeferred(_ key: [UInt8]) -> Bool {
    var wasKept = false
    if let earlier = posted.find(key.span) {
      for part in indices.indices {
        guard let document = indices[part].firstIndex(of: Int32(earlier)) else { continue }
        if overtakenNow.insert(Piece(part: part, document: document)).inserted { wasKept = true }
      }
    }
    do throws(StateError) {
      guard !overtakenKeys.contains(key),
        let kept = try state.deferredDocument(compiled.interface.name, key: key)
      else { return wasKept }
      overtakenDeferred.append(kept)
      overtakenKeys.insert(key)
      due[key] = nil
      wasKept = true
    } catch {
      failure = failure ?? error
    }
    return wasKept
  }
}
