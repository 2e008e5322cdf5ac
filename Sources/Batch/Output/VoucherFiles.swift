import Ledger
import Posting
import State
import Writers

/// An interface's vouchers while they are written by all its profiles, on another thread.
struct VoucherFiles {
  /// The files that were written, in order, and for each book the writer's own count.
  typealias Written = (publications: [State.Publication], totals: [Int: WrittenTotals])

  /// What an error leaves is waited for, too.
  let written: Background<Result<Written, any Error>>

  /// What one profile writes of a book's vouchers.
  private struct Output {
    var profile: Profile
    var context: VoucherContext
    var book: Int
    var files: [OutputFile]
    var numbers: Range<Int>
  }

  init(
    of interface: Conversion.InterfaceResult, _ dimensions: Dimensions, run: Int, in staging: Staging
  ) {
    let batch = interface.vouchers.batch
    var outputs: [Output] = []
    for (book, vouchers) in interface.vouchersByBook {
      let context = interface.context(dimensions, run: run, book: book)
      for output in interface.compiled.outputs {
        let files = OutputFile.plan(
          vouchers, of: batch, in: context, pattern: output.pattern, profile: output.profile.name)
        outputs.append(
          Output(
            profile: output.profile, context: context, book: book, files: files,
            numbers: staging.take(files.count)))
      }
    }
    written = Background { [outputs] in Result { try Self.write(outputs, of: batch, in: staging) } }
  }

  private static func write(
    _ outputs: [Output], of batch: VoucherBatch, in staging: Staging
  ) throws -> Written {
    var written: Written = ([], [:])
    for output in outputs {
      let context = output.context
      var writer = ProfileWriter(profile: output.profile, batch: batch, context: context)
      var sum = WrittenTotals(postings: context.postings.count, accounts: context.book.chart.accounts.count)
      for (file, number) in zip(output.files, output.numbers) {
        written.publications.append(
          try staging.stage(.voucher, file.name, as: number) { sink in
            sum += try writer.write(file) { (bytes: inout [UInt8]) throws in try sink(bytes) }
          })
      }
      // A list of source documents has no entries that could be counted.
      if output.profile.listsDocuments { continue }
      let known = written.totals[output.book]
      precondition(known == nil || known == sum, "Every profile writes the same vouchers")
      written.totals[output.book] = sum
    }
    return written
  }
}
