package import Ledger

/// Writes vouchers in the format of one profile, and counts what it writes.
///
/// One writer serves all files of a batch and keeps what it rendered once. It holds a converter of the C library,
/// so it stays in the task that made it. The vouchers have passed `Profile.breaches`: what can't be written is
/// refused there.
package struct ProfileWriter: ~Copyable {
  private let profile: Profile
  private let batch: VoucherBatch
  private let context: VoucherContext
  private var renderer: Renderer
  /// By segment; those whose dependence is file or voucher have key 0 only.
  private var caches: [SegmentCache]
  private let voucherSegments: [Int]
  /// What the caches hold; that of segments which change with the voucher begins anew with each.
  private var kept = ByteBuffer(capacity: 1 << 16)
  private var keptByVoucher = ByteBuffer()
  private var utf8 = ByteBuffer()

  /// Bytes that a chunk holds before it goes to the sink.
  private static let chunkSize = 1 << 20

  package init(profile: Profile, batch: VoucherBatch, context: VoucherContext) {
    self.profile = profile
    self.batch = batch
    self.context = context
    renderer = Renderer(profile: profile, batch: batch, context: context)
    voucherSegments = profile.layout.segments.indices.filter {
      [.voucher, .memo].contains(profile.layout.segments[$0].dependence)
    }
    caches = profile.layout.segments.map { segment in
      switch segment.dependence {
      case .account: SegmentCache(keys: context.book.chart.accounts.count)
      case .dimensions: SegmentCache(keys: context.dimensions.setCount)
      // A unit's -1 (none) has key 0.
      case .unit: SegmentCache(keys: context.dimensions.codes.count + 1)
      case .detail: SegmentCache(keys: context.dimensions.detailCount)
      case .file, .voucher, .memo, .entry: SegmentCache(keys: 1)
      }
    }
  }

  /// Writes one file.
  ///
  /// - Parameter sink: takes the bytes, a chunk at a time; what it leaves in the buffer is thrown away.
  /// - Returns: what was written, counted from the entries as they went out.
  package mutating func write<Fault: Error>(
    _ file: OutputFile, to sink: (inout [UInt8]) throws(Fault) -> Void
  ) throws(Fault) -> WrittenTotals {
    var totals = WrittenTotals(
      postings: context.postings.count, accounts: context.book.chart.accounts.count)
    guard let first = file.vouchers.first else { return totals }
    if let tree = profile.tree {
      try write(file, first: first, tree, &totals, to: sink)
      return totals
    }
    var output = ByteBuffer(capacity: Self.chunkSize + Self.chunkSize / 4)
    begin(file, first: first, &output)
    var numbers = VoucherNumbers(context)
    renderer.scene.voucherSequence = 0
    for index in file.vouchers {
      renderer.scene.voucherSequence += 1
      write(voucher: index, number: numbers.next(batch.vouchers[index]), &totals, &output)
      if output.count >= Self.chunkSize {
        var chunk = Array(output.bytes())
        output.removeAll()
        try sink(&chunk)
      }
    }
    for line in profile.layout.after { append(line, to: &output) }
    if !output.isEmpty {
      var rest = Array(output.bytes())
      try sink(&rest)
    }
    return totals
  }

  private mutating func write<Fault: Error>(
    _ file: OutputFile, first: Int, _ tree: OutputElement, _ totals: inout WrittenTotals,
    to sink: (inout [UInt8]) throws(Fault) -> Void
  ) throws(Fault) {
    renderer.scene.period = Array(file.period.description.utf8)
    renderer.scene.voucher = batch.vouchers[first]
    renderer.scene.voucherSequence = 0
    var numbers = VoucherNumbers(context)
    var writer = TreeWriter(profile, tree)
    var counted = totals
    let batch = batch
    try writer.write(
      &renderer, Array(file.vouchers),
      stand: { index, renderer in
        let voucher = batch.vouchers[index]
        renderer.scene.voucherSequence += 1
        renderer.scene.voucher = voucher
        renderer.scene.voucherNumber = numbers.next(voucher)
        counted.count(voucher)
        return voucher.entries
      },
      entry: { index, place, renderer in
        renderer.scene.entry = renderer.scene.batch.entry(index, of: renderer.scene.voucher)
        renderer.scene.line = place
        counted.count(renderer.scene.entry, of: renderer.scene.voucher)
      }, to: sink)
    totals = counted
  }

  private mutating func begin(_ file: OutputFile, first: Int, _ output: inout ByteBuffer) {
    for (index, segment) in profile.layout.segments.enumerated() where segment.dependence == .file {
      caches[index] = SegmentCache(keys: 1)
    }
    renderer.scene.period = Array(file.period.description.utf8)
    renderer.scene.voucher = batch.vouchers[first]
    appendHeader(to: &output)
    guard !profile.layout.accounts.isEmpty else { return }
    var used = [Bool](repeating: false, count: context.book.chart.accounts.count)
    for index in file.vouchers {
      let voucher = batch.vouchers[index]
      for at in voucher.entries { used[Int(batch.entry(at, of: voucher).account)] = true }
    }
    for account in used.indices where used[account] {
      renderer.scene.entry = Entry(account: Int32(account), side: .debit, amount: 0)
      for line in profile.layout.accounts { append(line, to: &output) }
    }
  }

  mutating func appendHeader(to output: inout ByteBuffer) {
    if profile.byteOrderMark { output.append(profile.encoding.byteOrderMark) }
    for line in profile.layout.header { append(line, to: &output) }
  }

  mutating func append(_ code: NewCode, to output: inout ByteBuffer) {
    renderer.scene.code = code
    for line in profile.layout.code { append(line, to: &output) }
  }

  private mutating func write(
    voucher index: Int, number: Int64, _ totals: inout WrittenTotals, _ output: inout ByteBuffer
  ) {
    let voucher = batch.vouchers[index]
    renderer.scene.voucher = voucher
    renderer.scene.voucherNumber = number
    for segment in voucherSegments { caches[segment][0] = .unknown }
    keptByVoucher.removeAll()
    for line in profile.layout.voucher { append(line, to: &output) }
    var place = 0
    for at in voucher.entries {
      let entry = batch.entry(at, of: voucher)
      place += 1
      renderer.scene.entry = entry
      renderer.scene.line = place
      for line in profile.layout.entry { append(line, to: &output) }
      totals.count(entry, of: voucher)
    }
    for document in batch.documents[voucher.documents] where !profile.layout.document.isEmpty {
      renderer.scene.document = document
      for line in profile.layout.document { append(line, to: &output) }
    }
    totals.count(voucher)
  }

  private mutating func append(_ line: Line, to output: inout ByteBuffer) {
    let before = output.count
    var filled = false
    for index in line.segments {
      if append(segment: index, to: &output) { filled = true }
    }
    if line.omittable, !filled { output.truncate(to: before) }
  }

  /// Whether any of the segment's cells holds anything.
  private mutating func append(segment index: Int, to output: inout ByteBuffer) -> Bool {
    let segment = profile.layout.segments[index]
    let key: Int
    switch segment.dependence {
    case .file, .voucher: key = 0
    case .account: key = Int(renderer.scene.entry.account)
    case .dimensions: key = Int(renderer.scene.entry.dimensions)
    case .unit: key = Int(renderer.scene.entry.unit) + 1
    case .detail: key = Int(renderer.scene.entry.detail)
    case .memo:
      if context.dimensions.detail(renderer.scene.entry.detail).memo >= 0 {
        return encode(segment, to: &output)
      }
      key = 0
    case .entry: return encode(segment, to: &output)
    }
    let isVouchers = segment.dependence == .voucher || segment.dependence == .memo
    let known = caches[index][key]
    if known.start >= 0 {
      let range = known.start..<known.start + Int(known.count)
      output.append(isVouchers ? keptByVoucher.bytes(range) : kept.bytes(range))
      return known.filled
    }
    let before = output.count
    let filled = encode(segment, to: &output)
    let made = output.bytes(from: before)
    caches[index][key] = SegmentCache.Span(
      start: isVouchers ? keptByVoucher.count : kept.count, count: Int32(made.count), filled: filled)
    if isVouchers { keptByVoucher.append(made) } else { kept.append(made) }
    return filled
  }

  private mutating func encode(_ segment: Segment, to output: inout ByteBuffer) -> Bool {
    if segment.isASCII || profile.encoding == .utf8 { return renderer.append(segment, to: &output) }
    utf8.removeAll()
    let filled = renderer.append(segment, to: &utf8)
    let missing = renderer.transcoder.append(utf8.bytes(), to: &output)
    precondition(
      missing == nil || profile.missingCharacter != nil,
      "a voucher with a character that its profile can't write was refused before")
    return filled
  }
}
