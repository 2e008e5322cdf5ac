internal import CXML
internal import Findings

/// What a piece of an XML file says: its elements and texts on a tape.
///
/// One thread fills it, and another plays it afterwards: it is C's memory, filled in place, so that nothing of a file is copied once more
/// on its way between them. The compiler can't know that never two threads have it at once, so it has to be told, here: whoever
/// fills a tape lets go of it before it is handed over under a lock (`Handover`), and gets it back the same way. What it refers
/// to lives as long as it does: its blocks are its own, and names are those of `parser`, whose table of names never moves nor
/// forgets one, and of which nothing else is touched by whoever plays the tape.
public final class XMLTape: @unchecked Sendable {
  var tape = cxml_tape()
  /// Whose names it has.
  private var parser: XMLParser?
  /// What is wrong behind the last event: there is no more to come.
  var fault: Finding?

  deinit { cxml_tape_free(&tape) }

  func clear(for parser: XMLParser) {
    cxml_tape_clear(&tape)
    self.parser = parser
    fault = nil
  }

  func play<Events: XMLEvents>(to events: Events) {
    var block = tape.first
    while let own = block {
      block = own.pointee.next
      guard var at = UnsafeRawPointer(own.pointee.bytes) else { continue }
      let end = at + own.pointee.length
      while at < end {
        switch UInt32(at.load(as: UInt8.self)) {
        case CXML_START.rawValue:
          let element = XMLElement(at)
          events.start(element, element.attributes)
          at += element.size
        case CXML_TEXT.rawValue:
          let size = MemoryLayout<cxml_text>.size
          let length = Int(at.load(as: cxml_text.self).length)
          events.text(
            UnsafeBufferPointer(start: (at + size).assumingMemoryBound(to: UInt8.self), count: length))
          at += (size + length + 7) & ~7
        default:
          events.end(at.load(as: cxml_end.self) >> 8)
          at += MemoryLayout<cxml_end>.size
        }
      }
    }
  }
}
