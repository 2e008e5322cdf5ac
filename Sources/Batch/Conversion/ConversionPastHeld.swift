import Findings
import Mapping
import Posting
import State

/// What is held of documents that come again.
extension Past {
  /// - Parameter earlier: what is known of what is posted of it.
  func heldPrior(_ key: [UInt8], _ content: [UInt8], _ earlier: Prior) -> Prior {
    if isAdopting {
      // What is held of it was posted elsewhere by now.
      if let waiting = held.removeValue(forKey: key) { replaced.append(waiting) }
      return earlier
    }
    var isPosted = false
    var isOlder = false
    switch earlier {
    case .repeated, .laterVersion(_, isEqual: true): (isPosted, isOlder) = (true, true)
    case .reverted: isOlder = true
    default: break
    }
    var since: Int?
    var stays = false
    var isWithdrawn = false
    if let waiting = heldNow[key] {
      if waiting.content == content, !isPosted {
        (since, isWithdrawn) = (run, waiting.isWithdrawn)
      } else if isOlder, waiting.isLater {
        stays = true
      } else {
        replacedNow[key] = waiting
        heldNow[key] = nil
      }
    }
    if since == nil, let waiting = held[key] {
      if waiting.contentHash == content, !isPosted {
        (since, isWithdrawn) = (waiting.sinceRun, leavesOut(waiting).isWithdrawn)
      } else if isOlder, isLater(waiting) {
        stays = true
      } else {
        // What was held as an old version is gone when the posted one comes again.
        replaced.append(waiting)
        held[key] = nil
      }
    }
    if let since {
      if isWithdrawn { return .waiting(run: since) }
      metAgain[key] = false
      return .waiting(run: since, earlier)
    }
    guard stays else { return earlier }
    metAgain[key] = true
    return .olderThanHeld(run: run, earlier)
  }

  /// Whether a later version of a document is held that has another content.
  func holdsAnother(_ key: [UInt8], than content: [UInt8]) -> Bool {
    if let waiting = heldNow[key] { return waiting.isLater && waiting.content != content }
    return held[key].map { $0.contentHash != content && isLater($0) } ?? false
  }

  /// Whether it is a whole version that came after what is posted: not one that is held for being old itself, nor one that is only
  /// not approved, which may be approved again.
  private func isLater(_ waiting: HeldDocument) -> Bool {
    !waiting.isIncomplete && !waiting.causes.contains { $0.code == FindingCode.documentReverted.rawValue }
      && !leavesOut(waiting).isNotApproved
  }

  /// Whether the mapping leaves a held document out, for it is void or not approved.
  private func leavesOut(_ waiting: HeldDocument) -> (isWithdrawn: Bool, isNotApproved: Bool) {
    guard compiled.interface.document.ignore != nil || compiled.interface.document.void != nil else {
      return (false, false)
    }
    do {
      guard let document = try GatheredRows(waiting, compiled, today: today)?.document,
        document.verdict == .ignored
      else { return (false, false) }
      return (true, !document.isVoid)
    } catch {
      failure = failure ?? error
      return (false, false)
    }
  }

  /// A document that counts for nothing now takes the place of what is held of it, whatever its content.
  func settleMet(_ store: DocumentStore, stopped: Bool) {
    guard !metAgain.isEmpty else { return }
    for (index, document) in store.documents.enumerated() where !stopped && !document.nameless {
      let key = Array(store.key(index))
      guard let isOlder = metAgain[key] else { continue }
      if document.isWithdrawn {
        if let waiting = heldNow.removeValue(forKey: key) { replacedNow[key] = waiting }
        if let waiting = held.removeValue(forKey: key) { replaced.append(waiting) }
      } else if isOlder {
        if let waiting = heldNow[key] { doubtedNow.append(waiting.piece) }
        if held[key] != nil { doubted[key] = String(run) }
      }
    }
  }

  /// The documents of earlier parts that a later file of this run brought in an older version, since the last call.
  func takeDoubted() -> [Piece] {
    defer { doubtedNow = [] }
    return doubtedNow.sorted { ($0.part, $0.document) < ($1.part, $1.document) }
  }

  /// A file that is rejected as a whole takes nobody's place; nor does a piece of a document take that of another one.
  func settleReplaced(stopped: Bool, pieces new: Set<[UInt8]> = []) {
    for document in replaced {
      if stopped || (new.contains(document.key) && document.isIncomplete) {
        held[document.key] = document
      } else {
        superseded.append(document)
      }
    }
    for (key, waiting) in replacedNow {
      if stopped || (new.contains(key) && waiting.isIncomplete) {
        heldNow[key] = waiting
      } else {
        overtaken += pieces.removeValue(forKey: key) ?? [waiting.piece]
      }
    }
    replaced = []
    replacedNow = [:]
    metAgain = [:]
  }

  func hold(_ document: HeldNow, _ key: [UInt8]) {
    let before = heldNow[key]
    if document.isIncomplete, before?.isIncomplete == true || held[key]?.isIncomplete == true {
      pieces[key] = (pieces[key] ?? before.map { [$0.piece] } ?? []) + [document.piece]
    }
    heldNow[key] = document
  }

  /// The file that is being read is read once more from its start.
  func beginAgain() { settleReplaced(stopped: true) }

  /// The documents of earlier parts whose place was taken since the last call.
  func takeOvertaken() -> [Piece] {
    defer { overtaken = [] }
    return overtaken.sorted { ($0.part, $0.document) < ($1.part, $1.document) }
  }

  /// Somebody has said that a held document is right as it is: until it is posted, or comes in another version.
  func accept(_ document: HeldDocument) {
    held[document.key] = document
    accepted.insert(document.key)
  }

  /// The document as an earlier run holds it.
  func heldDocument(_ key: [UInt8]) -> HeldDocument? { held[key] }

  /// A full snapshot does not have a document that an earlier file of the run brought, and that is held.
  /// - Returns: where it is.
  func dismissNow(_ key: [UInt8]) -> [Piece] {
    guard let waiting = heldNow.removeValue(forKey: key) else { return [] }
    return pieces.removeValue(forKey: key) ?? [waiting.piece]
  }

  /// Somebody has said not to wait for a document: its rows leave hold.
  func dismiss(_ key: [UInt8]) {
    supersede(key)
    dismissed.insert(key)
  }

  /// What is held can't be read by this mapping any more: what came of the document in this run takes its place.
  func supersede(_ key: [UInt8]) {
    if let document = held.removeValue(forKey: key) { superseded.append(document) }
  }
}

extension HeldNow {
  fileprivate var isLater: Bool { !isIncomplete && !isReverted && !isNotApproved }
}

extension HeldDocument {
  /// The run that brought an older version while this one was held.
  var runThatBroughtOlder: String? {
    causes.first { $0.code == FindingCode.documentOlder.rawValue }?.arguments.last
  }
}

extension ConvertedFile {
  /// A document that is held, and came in an older version since, does not leave hold by itself.
  mutating func keepDoubted(_ past: Past) {
    for index in posted.store.documents.indices {
      let key = Array(posted.store.key(index))
      guard let run = past.doubted[key], !past.accepted.contains(key) else { continue }
      guard ![.repeated, .rejected].contains(posted.store.documents[index].verdict) else { continue }
      doubt(index, run)
    }
  }

  mutating func doubt(_ index: Int, _ run: String) {
    let document = posted.store.documents[index]
    posted.store.documents[index].verdict = .held
    findings.add(
      .documentOlder, .hold, document: index, row: document.firstRow, line: document.firstLine, column: nil,
      [posted.store.keyText(index), run])
  }
}
