import Posting

extension Conversion {
  /// Where there are many, half of them are made on another thread, a piece at a time: what is made twice over is small.
  static func vouchers(of files: [PostedFile], by maker: VoucherMaker) throws -> VoucherSet {
    let plan = maker.plan(files)
    guard plan.count >= 1 << 12 else {
      return try maker.vouchers(of: files, plan, 0..<plan.count, firstPosting: 0)
    }
    let size = min(1 << 15, (plan.count + 1) / 2)
    var set = try maker.vouchers(of: files, plan, 0..<0, firstPosting: 0)
    for start in stride(from: 0, to: plan.count, by: 2 * size) {
      let (middle, end) = (min(start + size, plan.count), min(start + 2 * size, plan.count))
      let others = Background {
        Swift.Result { try maker.vouchers(of: files, plan, middle..<end, firstPosting: 0) }
      }
      let own = Swift.Result { try maker.vouchers(of: files, plan, start..<middle, firstPosting: 0) }
      let next = others.get()
      set.append(try own.get())
      set.append(try next.get())
    }
    return set
  }
}
