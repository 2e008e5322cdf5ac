/// An XML file on tapes, a piece after the other.
public struct XMLTapes {
  private let source: ByteSource
  private let pieceBytes: Int
  private let observer: (ArraySlice<UInt8>) -> Void
  private let parser: XMLParser
  private var at: Int64 = 0
  private var hasEnded = false

  /// - Parameters:
  ///   - pieceBytes: large enough that whoever plays the tapes on another thread is not woken for less than it takes to move
  ///     that thread to an idle core.
  ///   - observer: gets every byte of the source in order, once; those behind a fault, too.
  public init(
    _ source: ByteSource, file: String, pieceBytes: Int = 1 << 18,
    observer: @escaping (ArraySlice<UInt8>) -> Void
  ) throws(ReadError) {
    (self.source, self.pieceBytes, self.observer) = (source, pieceBytes, observer)
    parser = try XMLParser(file: file)
  }

  /// - Parameter spare: a tape that nobody plays any more.
  /// - Returns: what the next piece says; `nil` behind the last one.
  public mutating func next(on spare: XMLTape?) throws(ReadError) -> XMLTape? {
    guard !hasEnded else { return nil }
    let tape = spare ?? XMLTape()
    parser.feed(try piece(), isLast: hasEnded, to: tape)
    if tape.fault != nil { while !hasEnded { _ = try piece() } }
    return tape
  }

  /// Whether no more than the first piece has been read.
  var isAtFirst: Bool { at <= Int64(pieceBytes) }

  private mutating func piece() throws(ReadError) -> [UInt8] {
    let piece = try source.bytes(in: at..<at + Int64(pieceBytes))
    if !piece.isEmpty { observer(piece[...]) }
    at += Int64(piece.count)
    hasEnded = piece.count < pieceBytes
    return piece
  }
}
