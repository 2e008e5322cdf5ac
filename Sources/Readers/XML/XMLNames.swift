internal import CXML

extension cxml_attribute {
  /// The value, in UTF-8.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: UnsafeRawPointer(value)?.assumingMemoryBound(to: UInt8.self), count: length)
  }
}

/// Numbers of names, by the addresses at which the parser keeps each name once.
struct NameCache {
  private struct Entry: BitwiseCopyable {
    var local: UnsafePointer<CChar>?
    var uri: UnsafePointer<CChar>?
    var symbol: Int32
  }

  private static let size = 4096
  private let entries: UnsafeMutablePointer<Entry>

  init() {
    entries = .allocate(capacity: Self.size)
    entries.initialize(repeating: Entry(local: nil, uri: nil, symbol: -1), count: Self.size)
  }

  func free() { entries.deallocate() }

  /// -1 for a name that the plan doesn't have.
  @inline(__always)
  func symbol(_ local: UnsafePointer<CChar>?, _ uri: UnsafePointer<CChar>?, _ plan: XMLPlan) -> Int32 {
    // Names lie close to each other, and at any byte.
    let address = UInt(bitPattern: local)
    let place = Int(truncatingIfNeeded: (address &* 0x9E37_79B9_7F4A_7C15) >> 52)
    if entries[place].local == local, entries[place].uri == uri, local != nil { return entries[place].symbol }
    return find(local, uri, plan, place)
  }

  @inline(never)
  private func find(
    _ local: UnsafePointer<CChar>?, _ uri: UnsafePointer<CChar>?, _ plan: XMLPlan, _ place: Int
  ) -> Int32 {
    guard let local else { return -1 }
    let name = XMLPath.Name(uri: uri.map { String(cString: $0) } ?? "", local: String(cString: local))
    let symbol = plan.symbols[name] ?? -1
    entries[place] = Entry(local: local, uri: uri, symbol: symbol)
    return symbol
  }
}
