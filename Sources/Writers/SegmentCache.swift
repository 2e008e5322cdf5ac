/// Rendered and encoded bytes of a segment by a small number (an account, a dimension set, a unit).
///
/// The bytes themselves stand in a buffer that the segments share.
struct SegmentCache {
  struct Span {
    var start: Int
    var count: Int32
    var filled: Bool

    static let unknown = Span(start: -1, count: 0, filled: false)
  }

  private var spans: [Span]

  init(keys: Int) { spans = Array(repeating: .unknown, count: keys) }

  /// `start` is -1 where nothing is kept.
  subscript(key: Int) -> Span {
    @inline(__always) get { spans[key] }
    @inline(__always) set { spans[key] = newValue }
  }
}
